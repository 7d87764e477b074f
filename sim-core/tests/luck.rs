//! Luck: golden first draws of every purpose, independence of addresses, fairness.

use std::collections::BTreeSet;

use sim_core::Seed;
use sim_core::rng::{EntityKey, Luck, Purpose};

const SEED: Seed = Seed { master: 42, run: 3 };

/// First draw of every purpose. A change here changes every result: it needs a line in CHANGELOG.md.
fn golden(purpose: Purpose) -> u64 {
    match purpose {
        Purpose::TimeToFailure => 0x1b95_f57d_8aa1_1b7f,
        Purpose::TimeToRepair => 0xd00d_c81c_1214_1552,
        Purpose::Victim => 0x8d59_3bea_b17c_f610,
        Purpose::StartupTime => 0x0745_ffb7_161c_1226,
        Purpose::LeasePhase => 0x6403_26e1_de0d_fb24,
        Purpose::NodeMonitorPhase => 0xda58_9796_fd2b_3264,
        Purpose::ProbePhase => 0xd299_b79b_74ae_fac5,
        Purpose::RelistPhase => 0x9c02_114a_39ec_19ad,
        Purpose::HealthCheckPhase => 0x0a22_dc0d_42e0_d3e0,
        Purpose::PodGcPhase => 0x09ac_20dc_d1d1_9a6d,
        Purpose::ProxySyncPhase => 0x2c6d_4a06_91a4_b39b,
        Purpose::SchedulerTie => 0x3ad6_6947_b92f_f2f1,
        Purpose::ControllerJitter => 0xc9ae_839a_b8ec_e988,
        Purpose::RequestArrival => 0x648c_c7c6_77ab_eb56,
        Purpose::RequestRoute => 0xfd25_96f7_1de6_d77a,
        Purpose::PodUid => 0x0cd0_af88_8088_12a3,
        Purpose::InitContainer => 0x02d3_50d7_322d_b3fd,
        Purpose::PostStart => 0x9139_07ee_861e_8e17,
        Purpose::PreemptionOffset => 0x638b_80d8_3649_f231,
        Purpose::ProvisionTime => 0x2223_5341_0fbf_81cb,
        Purpose::ExpanderTie => 0xe9e2_38f3_cb2d_275d,
        Purpose::AutoscalerPhase => 0xcd9d_b2cd_b0e1_fd6a,
        Purpose::ScrapePhase => 0xb86d_7ee1_dcc8_dab5,
        Purpose::EtcdElection => 0x3413_c26a_de8d_4413,
        Purpose::LeaderElection => 0x8590_f558_15ff_8068,
        Purpose::StatusPhase => 0x6775_ee45_5025_8c3e,
        Purpose::InitialState => 0x1044_d4cc_70c1_7d14,
        Purpose::ShockVictims => 0x34ba_e820_ab75_10b6,
        Purpose::RunTime => 0x9967_e1e0_69c1_b195,
        Purpose::ExitStatus => 0xb4d2_5045_5174_caef,
    }
}

#[test]
fn first_draws_never_change() {
    let entity = EntityKey::new("node/worker-1");
    for purpose in Purpose::ALL {
        let first = Luck::new(SEED).draw(purpose, entity, 0).bits();
        assert_eq!(first, golden(purpose), "{purpose:?}: {first:#018x}");
    }
}

#[test]
fn entity_keys_never_change() {
    let workload = EntityKey::new("deployment/shop/web");
    assert_eq!(
        [EntityKey::new(""), workload, workload.child(0), workload.child(1)].map(|key| key.0),
        [0xf52a_15e9_a9b5_e89b, 0xd528_bce8_2435_ce88, 0x4e4c_c90d_9e16_19b4, 0xffce_44d7_54a1_43bb]
    );
}

#[test]
fn every_part_of_an_address_matters() {
    let draw = |master, run, purpose, entity, index| {
        Luck::new(Seed { master, run }).draw(purpose, EntityKey::new(entity), index).bits()
    };
    let draws = [
        draw(1, 0, Purpose::Victim, "a", 0),
        draw(2, 0, Purpose::Victim, "a", 0),
        draw(1, 1, Purpose::Victim, "a", 0),
        draw(0, 1, Purpose::Victim, "a", 0),
        draw(1, 0, Purpose::TimeToRepair, "a", 0),
        draw(1, 0, Purpose::Victim, "b", 0),
        draw(1, 0, Purpose::Victim, "a", 1),
    ];
    assert_eq!(BTreeSet::from(draws).len(), draws.len());
    assert_eq!(draws[0], draw(1, 0, Purpose::Victim, "a", 0));
}

#[test]
fn a_long_draw_does_not_run_into_the_next() {
    let luck = Luck::new(SEED);
    let numbers = |index| {
        let mut draw = luck.draw(Purpose::Victim, EntityKey::new("a"), index);
        (0..10_000).map(move |_| draw.bits())
    };
    assert_eq!((0..3).flat_map(numbers).collect::<BTreeSet<_>>().len(), 30_000);
}

#[test]
fn neighbouring_addresses_are_independent() {
    let luck = Luck::new(SEED);
    let unit = |entity: EntityKey, index| luck.draw(Purpose::TimeToFailure, entity, index).unit() - 0.5;
    let workload = EntityKey::new("web");
    let pairs = 20_000;
    let next_index = (0..pairs).map(|i| unit(workload, i) * unit(workload, i + 1));
    let next_child = (0..pairs).map(|i| unit(workload.child(i), 0) * unit(workload.child(i + 1), 0));
    for products in [next_index.sum::<f64>(), next_child.sum::<f64>()] {
        // The product of two centred uniforms has standard deviation 1/12.
        let correlation = products * 12.0 / (pairs as f64).sqrt();
        assert!(correlation.abs() < 3.5, "{correlation}");
    }
}

#[test]
fn below_is_fair() {
    let mut draw = Luck::new(SEED).draw(Purpose::Victim, EntityKey::new("die"), 0);
    let mut counts = [0_u32; 6];
    (0..60_000).for_each(|_| counts[draw.below(6) as usize] += 1);
    let chi_squared: f64 = counts
        .iter()
        .map(|count| (f64::from(*count) - 10_000.0) * (f64::from(*count) - 10_000.0) / 10_000.0)
        .sum();
    assert!(chi_squared < 20.5, "{counts:?}"); // 5 degrees of freedom, 1 in 1000
    assert_eq!(draw.below(1), 0);
}

#[test]
fn below_is_fair_where_the_bits_do_not_divide_evenly() {
    // Without rejection, half of the numbers below 3/4 of 2^64 would be multiples of 3.
    let n = (1 << 63) + (1 << 62);
    let mut draw = Luck::new(SEED).draw(Purpose::Victim, EntityKey::new("wide"), 0);
    let low = (0..30_000).filter(|_| draw.below(n).is_multiple_of(3)).count();
    assert!((9_700..10_300).contains(&low), "{low}");
}

#[test]
fn unit_never_reaches_its_ends() {
    let mut draw = Luck::new(SEED).draw(Purpose::Victim, EntityKey::new("unit"), 0);
    let units: Vec<f64> = (0..50_000).map(|_| draw.unit()).collect();
    assert!(units.iter().all(|unit| 0.0 < *unit && *unit < 1.0));
    let mean = units.iter().sum::<f64>() / 50_000.0;
    assert!((mean - 0.5).abs() < 3.5 * (1.0 / 12.0 / 50_000_f64).sqrt(), "{mean}");
}
