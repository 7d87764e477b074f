//! Damaged input is answered, never met with a panic or a hang.

use scenarios::{Diagnostic, Input, Options, catalog, load};

fn check(text: &str) -> Vec<Diagnostic> {
    let input = Input::Text { name: "damaged.yaml".to_owned(), text: text.to_owned() };
    load(&[input], &[], Options::default()).check()
}

#[test]
fn input_that_ends_anywhere_is_answered() {
    let text = catalog::find("deployment").unwrap().text;
    for end in 0..text.len() {
        check(&text[..end]);
    }
}

#[test]
fn a_wrong_character_anywhere_is_answered() {
    let text = catalog::ALL[0].text;
    for (index, wrong) in (0..text.len()).step_by(41).zip("{}[]:,&*!|>'\"%@`#-0é\t\n".chars().cycle()) {
        check(&format!("{}{wrong}{}", &text[..index], &text[index + 1..]));
    }
}

#[test]
fn every_value_may_be_of_any_type() {
    let text = catalog::ALL[0].text;
    let lines: Vec<&str> = text.lines().collect();
    let fields = lines.iter().enumerate().filter(|(_, line)| line.contains(": "));
    for (index, line) in fields.step_by(2) {
        let key = line.split(": ").next().unwrap();
        for value in ["null", "-1", "1e300", "[]", "{}", "x"] {
            let mut changed: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
            changed[index] = format!("{key}: {value}");
            check(&changed.join("\n"));
        }
    }
}

#[test]
fn deep_nesting_is_refused_not_followed() {
    let flow = "[".repeat(100_000);
    assert!(check(&flow)[0].is_error());
    let block: String = (0..3000).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
    assert_eq!(check(&block)[0].code.id, "N007");
}

#[test]
fn an_alias_without_anchor_is_a_syntax_error() {
    assert_eq!(check("schedule: */5 * * * *\n")[0].code.id, "N005");
    assert_eq!(check("a: *nope\n")[0].code.id, "N005");
}
