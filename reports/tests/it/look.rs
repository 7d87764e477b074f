use crate::fixture::*;
use reports::write::*;
#[test]
fn look() {
    let dir = std::path::Path::new("/tmp/look");
    let all = [
        ("fm", replicas_by_spread()),
        ("many", many_services()),
        ("forty", forty_points()),
        ("never", never_down()),
        ("single", single_run()),
        ("always", always_down()),
    ];
    for (n, r) in all {
        let recording = (n == "fm").then(recording);
        write_sweep(&dir.join(n), &r, &Extras { reproduce: "nines sweep --seed 42".into(), recording })
            .unwrap();
    }
    let (l, r) = recording();
    println!("{:#?}", write_run(&dir.join("run"), &l, &r, "nines run web.yaml --seed 42").unwrap());
}
