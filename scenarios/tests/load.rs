//! Inputs that cannot be read, are not text, or are very large; directories and standard forms of export.

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use scenarios::{Input, Loaded, Options, load};

const DEPLOYMENT: &str = include_str!("../catalog/deployment.yaml");

/// A directory of its own for each test, removed at the end.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Scratch {
        let path = std::env::temp_dir().join(format!("nines-load-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Scratch(path)
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) -> Input {
        fs::write(self.0.join(name), content).unwrap();
        Input::Path(self.0.join(name))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn load_one(input: Input) -> Loaded {
    load(&[input], &[], Options::default())
}

fn codes(loaded: &Loaded) -> Vec<&'static str> {
    loaded.diagnostics.iter().map(|diagnostic| diagnostic.code.id).collect()
}

#[test]
fn a_missing_file_is_named() {
    let loaded = load_one(Input::from("no/such/file.yaml"));
    assert_eq!(codes(&loaded), ["N001"]);
    assert!(loaded.diagnostics[0].message.contains("no/such/file.yaml"));
    assert!(loaded.scenario(&[]).is_err());
}

#[cfg(unix)]
#[test]
fn an_unreadable_file_is_an_error() {
    use std::os::unix::fs::PermissionsExt;
    let scratch = Scratch::new("unreadable");
    let input = scratch.write("secret.yaml", DEPLOYMENT);
    fs::set_permissions(scratch.0.join("secret.yaml"), fs::Permissions::from_mode(0o000)).unwrap();
    if fs::read(scratch.0.join("secret.yaml")).is_ok() {
        eprintln!("skipped: this user may read every file");
        return;
    }
    assert_eq!(codes(&load_one(input)), ["N001"]);
}

#[test]
fn a_directory_is_read_in_order_of_names_and_not_below() {
    let scratch = Scratch::new("directory");
    scratch.write("b.yml", DEPLOYMENT.replace("my-app", "second"));
    scratch.write("a.yaml", DEPLOYMENT);
    scratch.write("notes.txt", "no manifest");
    fs::create_dir(scratch.0.join("below.yaml")).unwrap();
    let loaded = load_one(Input::Path(scratch.0.clone()));
    assert_eq!(codes(&loaded), [""; 0]);
    let names: Vec<String> = loaded.documents.manifests.iter().map(ToString::to_string).collect();
    assert_eq!(names, ["Deployment my-app-deployment", "Deployment second-deployment"]);
}

#[test]
fn a_directory_without_manifests_is_an_error() {
    let scratch = Scratch::new("no-manifests");
    scratch.write("README.md", "nothing here");
    assert_eq!(codes(&load_one(Input::Path(scratch.0.clone()))), ["N004"]);
}

#[test]
fn text_that_is_not_utf8_is_shown_up_to_the_first_wrong_byte() {
    let scratch = Scratch::new("utf8");
    let loaded = load_one(scratch.write("latin1.yaml", b"kind: Pod\nmetadata: {name: caf\xe9}\n"));
    assert_eq!(codes(&loaded), ["N002"]);
    assert_eq!(loaded.diagnostics[0].labels[0].place.line_and_column(), (2, 21));
    let loaded = load_one(scratch.write("utf16.yaml", b"\xff\xfek\0i\0n\0d\0"));
    assert!(loaded.diagnostics[0].help.as_ref().unwrap().contains("iconv"));
    let loaded = load_one(scratch.write("binary.yaml", [0xc0; 64]));
    assert_eq!(codes(&loaded), ["N002"]);
}

#[test]
fn a_byte_order_mark_and_windows_line_ends_do_no_harm() {
    let scratch = Scratch::new("windows");
    let text = format!("\u{feff}{}", DEPLOYMENT.replace('\n', "\r\n"));
    let loaded = load_one(scratch.write("windows.yaml", text));
    assert_eq!(codes(&loaded), [""; 0]);
    assert!(loaded.scenario(&[]).is_ok());
}

#[test]
fn a_file_of_50_megabytes_of_text_is_answered_in_time() {
    let scratch = Scratch::new("large");
    let annotation = "x".repeat(1 << 20);
    let mut text = String::from(DEPLOYMENT);
    for index in 0..50 {
        text += &format!(
            "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: c{index}}}\ndata: {{a: {annotation}}}\n"
        );
    }
    let start = Instant::now();
    let loaded = load_one(scratch.write("large.yaml", text));
    assert!(loaded.scenario(&[]).is_ok());
    assert!(start.elapsed() < Duration::from_secs(60), "took {:?}", start.elapsed());
}

#[test]
fn a_file_above_the_limit_is_refused_at_once() {
    let scratch = Scratch::new("huge");
    let input = scratch.write("huge.yaml", DEPLOYMENT.repeat(4000));
    let options = Options { max_bytes: 1 << 20, ..Options::default() };
    let start = Instant::now();
    let loaded = load(&[input], &[], options);
    assert_eq!(codes(&loaded), ["N003"]);
    assert!(start.elapsed() < Duration::from_secs(1));
}

#[test]
fn json_is_read_like_yaml() {
    let text = r#"{"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"}, "spec": {"replicas": 2,
        "selector": {"matchLabels": {"app": "web"}}, "template": {"metadata": {"labels": {"app": "web"}},
        "spec": {"containers": [{"name": "web", "image": "web:1.0"}]}}}}"#;
    let loaded = load_one(Input::Text { name: "web.json".to_owned(), text: text.to_owned() });
    assert_eq!(loaded.scenario(&[]).unwrap().scenario.workloads[0].replicas, 2);
}

#[test]
fn the_input_hash_depends_on_text_and_settings() {
    let hash = |text: &str, sets: &[&str]| {
        let sets: Vec<String> = sets.iter().map(|set| (*set).to_owned()).collect();
        let input = Input::Text { name: "x".to_owned(), text: text.to_owned() };
        load(&[input], &sets, Options::default()).input_hash
    };
    let set = "Deployment/my-app-deployment.spec.replicas=2";
    assert_eq!(hash(DEPLOYMENT, &[set]), hash(DEPLOYMENT, &[set]));
    assert_ne!(hash(DEPLOYMENT, &[set]), hash(DEPLOYMENT, &[]));
    assert_ne!(hash(DEPLOYMENT, &[]), hash(&DEPLOYMENT.replace('3', "4"), &[]));
}
