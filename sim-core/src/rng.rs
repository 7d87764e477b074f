//! Luck: every random number has an address, so it does not matter who draws first.
//!
//! The address is (seed, purpose, entity, index), laid into ChaCha8's own input: key, stream and block counter.
//! Nothing is kept between draws. Adding a node or a fault shifts nobody else's luck, and two designs under one
//! seed meet the same failures (common random numbers).
//!
//! | ChaCha8 input | bits | holds |
//! |---|---:|---|
//! | key | 256 | master seed, run, purpose, a fixed word |
//! | stream | 64 | entity |
//! | block counter | 64 | index (40 bits), block within the draw (24 bits) |

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use crate::model::Seed;

/// All luck of one run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Luck {
    seed: Seed,
}

/// What a draw is for. The number is part of the draw's address: never change or reuse one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u32)]
pub enum Purpose {
    /// Time from (re)start to failure, of a fault at one of its targets.
    TimeToFailure = 1,
    /// Time from failure to repair.
    TimeToRepair = 2,
    /// Which of several is hit.
    Victim = 3,
    /// Time from the start of a process until it answers.
    StartupTime = 4,
    /// Phase of a kubelet's lease renewals.
    LeasePhase = 5,
    /// Phase of the node monitor.
    NodeMonitorPhase = 6,
    /// Phase of a pod's probes after a restart of its kubelet.
    ProbePhase = 7,
    /// Phase of a kubelet's relists.
    RelistPhase = 8,
    /// Phase of a load balancer's health checks.
    HealthCheckPhase = 9,
    /// Phase of pod garbage collection.
    PodGcPhase = 10,
    /// Phase of a kube-proxy's syncs.
    ProxySyncPhase = 11,
    /// Scheduler's choice among nodes of equal score.
    SchedulerTie = 12,
    /// A controller's random delay.
    ControllerJitter = 13,
    /// Arrivals of requests.
    RequestArrival = 14,
    /// Endpoint that a request goes to.
    RequestRoute = 15,
    /// A pod's UID.
    PodUid = 16,
    /// Node at which preemption begins to look.
    PreemptionOffset = 17,
    /// Phase of an autoscaler's passes.
    AutoscalerPhase = 30,
    /// Phase of metrics-server's scrapes.
    ScrapePhase = 31,
    /// Time until a machine that was asked for is there.
    ProvisionTime = 32,
    /// Cluster Autoscaler's choice among pools that are as good.
    ExpanderTie = 33,
    /// How long an init container runs, and whether it fails.
    InitContainer = 34,
    /// Whether a postStart hook fails.
    PostStart = 35,
    /// How long a member of etcd waits for its leader before it stands for election.
    EtcdElection = 40,
    /// How soon a candidate tries to take a free lease.
    LeaderElection = 41,
    /// Phase in which a kubelet sends status again that it could not write.
    StatusPhase = 42,
    /// State in which a fault's clock begins, where it begins stationary.
    InitialState = 50,
    /// How many targets a shock strikes, which, and when.
    ShockVictims = 51,
    /// Time from the start of a process until it exits by itself.
    RunTime = 60,
    /// Whether a process that exits by itself has failed.
    ExitStatus = 61,
}

/// Who a draw is for: a 64-bit hash of a path such as `node/worker-3`, never a position in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntityKey(pub u64);

/// The numbers at one address: as many as asked for.
#[derive(Clone, Debug)]
pub struct Draw {
    rng: ChaCha8Rng,
}

/// Blocks that one draw may use: 2^24 of 16 words.
const BLOCK_BITS: u32 = 24;
const WORDS_PER_BLOCK: u128 = 16;
/// Fills the key and tells our numbers from anyone else's; a new version of this layout gets a new word.
const LAYOUT: [u8; 8] = *b"nines v1";

impl Luck {
    /// The luck that comes with a seed.
    pub fn new(seed: Seed) -> Luck {
        Luck { seed }
    }

    /// The numbers for one purpose and entity; `index` counts such draws (below 2^40).
    pub fn draw(&self, purpose: Purpose, entity: EntityKey, index: u64) -> Draw {
        debug_assert!(index < 1 << (u64::BITS - BLOCK_BITS));
        let mut rng = ChaCha8Rng::from_seed(self.key(purpose));
        rng.set_stream(entity.0);
        rng.set_word_pos((u128::from(index) << BLOCK_BITS) * WORDS_PER_BLOCK);
        Draw { rng }
    }

    fn key(&self, purpose: Purpose) -> [u8; 32] {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&self.seed.master.to_le_bytes());
        key[8..16].copy_from_slice(&self.seed.run.to_le_bytes());
        key[16..24].copy_from_slice(&u64::from(purpose as u32).to_le_bytes());
        key[24..].copy_from_slice(&LAYOUT);
        key
    }
}

impl Purpose {
    /// Every purpose.
    pub const ALL: [Purpose; 30] = [
        Purpose::TimeToFailure,
        Purpose::TimeToRepair,
        Purpose::Victim,
        Purpose::StartupTime,
        Purpose::LeasePhase,
        Purpose::NodeMonitorPhase,
        Purpose::ProbePhase,
        Purpose::RelistPhase,
        Purpose::HealthCheckPhase,
        Purpose::PodGcPhase,
        Purpose::ProxySyncPhase,
        Purpose::SchedulerTie,
        Purpose::ControllerJitter,
        Purpose::RequestArrival,
        Purpose::RequestRoute,
        Purpose::PodUid,
        Purpose::PreemptionOffset,
        Purpose::AutoscalerPhase,
        Purpose::ScrapePhase,
        Purpose::ProvisionTime,
        Purpose::ExpanderTie,
        Purpose::InitContainer,
        Purpose::PostStart,
        Purpose::EtcdElection,
        Purpose::LeaderElection,
        Purpose::StatusPhase,
        Purpose::InitialState,
        Purpose::ShockVictims,
        Purpose::RunTime,
        Purpose::ExitStatus,
    ];
}

impl EntityKey {
    /// The key of a path: FNV-1a of its bytes (64 bits, Fowler, Noll and Vo), then `mix`.
    pub fn new(path: &str) -> EntityKey {
        let hash = path.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        });
        EntityKey(mix(hash))
    }

    /// The key of what two things have to do with each other, such as a pod and a fault.
    pub fn with(self, other: EntityKey) -> EntityKey {
        self.child(other.0)
    }

    /// The key of the `index`-th thing that belongs to this one, such as the n-th pod of a workload.
    pub fn child(self, index: u64) -> EntityKey {
        EntityKey(mix(self.0.wrapping_add(index.wrapping_add(1).wrapping_mul(GOLDEN_GAMMA))))
    }
}

impl Draw {
    /// 64 random bits.
    pub fn bits(&mut self) -> u64 {
        self.rng.next_u64()
    }

    /// A number in (0, 1), never 0 nor 1: the middle of one of 2^53 equal parts.
    pub fn unit(&mut self) -> f64 {
        ((self.bits() >> 11) as f64 + 0.5) * (1.0 / (1_u64 << 53) as f64)
    }

    /// A whole number less than `n`, all equally likely (Lemire, "Fast random integer generation in an interval",
    /// ACM TOMACS 29(1), 2019).
    pub fn below(&mut self, n: u64) -> u64 {
        assert!(n > 0, "no number is below 0");
        let unfair = n.wrapping_neg() % n;
        loop {
            let product = u128::from(self.bits()) * u128::from(n);
            if product as u64 >= unfair {
                return (product >> 64) as u64;
            }
        }
    }
}

/// 2^64 / golden ratio, odd.
const GOLDEN_GAMMA: u64 = 0x9e37_79b9_7f4a_7c15;

/// SplitMix64's finalizer (Steele, Lea and Flood, OOPSLA 2014): one to one, and every bit depends on every bit.
fn mix(mut x: u64) -> u64 {
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}
