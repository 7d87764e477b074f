//! A bench to try the command on: a folder of its own, and small inputs.

use std::path::PathBuf;

use assert_cmd::Command;
use tempfile::TempDir;

/// Three nodes, one or two replicas, 30 days: each machine fails every ten days.
pub const SMALL: &str = "\
apiVersion: v1
kind: ReplicationController
metadata: {name: web}
spec:
  replicas: 2
  selector: {app: web}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: nginx}]}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80}]}
---
apiVersion: nines.dev/v1alpha1
kind: Scenario
metadata: {name: small}
spec:
  horizon: 30d
  nodePools: [{name: pool, count: 3}]
  faults:
  - name: crash
    kind: machineCrash
    timeToFailure: {exponential: {mean: 10d}}
    timeToRepair: 1h
  services:
  - {name: web, objectives: [{measure: request, target: 99.9999%}]}
---
apiVersion: nines.dev/v1alpha1
kind: Sweep
metadata: {name: small}
spec:
  repetitions: 6
  factors:
  - {name: replicas, path: ReplicationController/web.spec.replicas, levels: [1, 2]}
";

/// A folder, and the command in it.
pub struct Bench {
    folder: TempDir,
}

impl Bench {
    /// A folder with `small.yaml` in it.
    pub fn new() -> Bench {
        let folder = TempDir::new().expect("a temporary folder");
        let bench = Bench { folder };
        bench.write("small.yaml", SMALL);
        bench
    }

    /// Writes a file.
    pub fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).expect("a file is written");
    }

    /// A path in the folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// `nines` with these arguments, separated by blanks.
    pub fn nines(&self, arguments: &str) -> Command {
        let mut command = Command::cargo_bin("nines").expect("the command is built");
        command.current_dir(self.folder.path()).args(arguments.split_whitespace());
        command.env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE");
        command
    }

    /// Its standard output.
    pub fn stdout(&self, arguments: &str) -> String {
        let output = self.nines(arguments).output().expect("the command runs");
        String::from_utf8(output.stdout).expect("UTF-8")
    }
}
