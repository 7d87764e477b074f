use crate::fixture::*;
#[test]
fn look() {
    let dir = std::path::Path::new("/tmp/look");
    std::fs::create_dir_all(dir).unwrap();
    let (l, r) = recording();
    let all = [
        ("fm", replicas_by_spread()),
        ("many", many_services()),
        ("forty", forty_points()),
        ("never", never_down()),
        ("single", single_run()),
        ("always", always_down()),
    ];
    let mut charts: Vec<(String, reports::charts::Chart)> = all
        .iter()
        .flat_map(|(n, r)| reports::charts::of_sweep(r).unwrap().into_iter().map(move |c| (n.to_string(), c)))
        .collect();
    charts.extend(reports::charts::of_run(&l, &r).unwrap().into_iter().map(|c| ("run".to_string(), c)));
    for (n, c) in charts {
        std::fs::write(dir.join(format!("{n}-{}.svg", c.name)), &c.svg).unwrap();
        let t = std::time::Instant::now();
        std::fs::write(dir.join(format!("{n}-{}.png", c.name)), reports::png::from_svg(&c.svg).unwrap())
            .unwrap();
        println!("{n}-{} {:?} {}", c.name, t.elapsed(), c.svg.len());
    }
}
