//! Kubernetes quantities: `250m`, `1.5Gi`, `1e3`, without floating point, as upstream's `resource.Quantity`.

/// A quantity in thousandths, rounded up as upstream does for finer ones.
pub fn parse_milli(text: &str) -> Result<i128, String> {
    let text = text.trim();
    let number_end = text.find(|c: char| !matches!(c, '0'..='9' | '.' | '+' | '-')).unwrap_or(text.len());
    let (number, suffix) = text.split_at(number_end);
    let (mantissa, decimals) = digits(number).ok_or_else(|| problem(text))?;
    let (numerator, denominator) = scale(suffix).ok_or_else(|| problem(text))?;
    let numerator = mantissa.checked_mul(numerator * 1000).ok_or_else(|| problem(text))?;
    let denominator = 10_i128
        .checked_pow(decimals)
        .and_then(|d| d.checked_mul(denominator))
        .ok_or_else(|| problem(text))?;
    Ok(div_ceil(numerator, denominator))
}

/// A quantity in whole units (bytes, cores, devices), rounded up.
pub fn parse_units(text: &str) -> Result<u64, String> {
    let milli = not_negative(text)?;
    u64::try_from(milli.div_ceil(1000)).map_err(|_| problem(text))
}

/// A quantity in thousandths of a unit, as CPU is counted.
pub fn parse_milli_units(text: &str) -> Result<u64, String> {
    u64::try_from(not_negative(text)?).map_err(|_| problem(text))
}

fn not_negative(text: &str) -> Result<u128, String> {
    u128::try_from(parse_milli(text)?).map_err(|_| format!("`{text}` is negative"))
}

fn problem(text: &str) -> String {
    format!("`{text}` is not a quantity such as 500m, 2 or 1.5Gi")
}

/// The digits of a decimal number as an integer, and how many of them follow the point.
fn digits(number: &str) -> Option<(i128, u32)> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let unsigned = whole.trim_start_matches(['+', '-']);
    let all_digits = [unsigned, fraction].iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
    if !all_digits || unsigned.len() + fraction.len() == 0 || whole.len() > unsigned.len() + 1 {
        return None;
    }
    let magnitude: i128 = format!("{unsigned}{fraction}").parse().ok()?;
    let value = if whole.starts_with('-') { -magnitude } else { magnitude };
    Some((value, u32::try_from(fraction.len()).ok()?))
}

/// The factor of a suffix as a fraction.
fn scale(suffix: &str) -> Option<(i128, i128)> {
    let ten = |exponent: u32| 10_i128.checked_pow(exponent);
    let factor = match suffix {
        "" => 1,
        "n" => return Some((1, 1_000_000_000)),
        "u" => return Some((1, 1_000_000)),
        "m" => return Some((1, 1000)),
        "k" => 1000,
        "M" => ten(6)?,
        "G" => ten(9)?,
        "T" => ten(12)?,
        "P" => ten(15)?,
        "E" => ten(18)?,
        "Ki" => 1 << 10,
        "Mi" => 1 << 20,
        "Gi" => 1 << 30,
        "Ti" => 1 << 40,
        "Pi" => 1 << 50,
        "Ei" => 1 << 60,
        _ => return exponent(suffix),
    };
    Some((factor, 1))
}

fn exponent(suffix: &str) -> Option<(i128, i128)> {
    let exponent: i32 = suffix.strip_prefix(['e', 'E'])?.parse().ok()?;
    let power = 10_i128.checked_pow(exponent.unsigned_abs()).filter(|_| exponent.abs() <= 18)?;
    Some(if exponent < 0 { (1, power) } else { (power, 1) })
}

fn div_ceil(numerator: i128, denominator: i128) -> i128 {
    numerator.div_euclid(denominator) + i128::from(numerator.rem_euclid(denominator) > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suffixes_exponents_and_fractions() {
        for (text, milli) in [
            ("250m", 250),
            ("2", 2000),
            ("0.1", 100),
            (".5", 500),
            ("1e3", 1_000_000),
            ("1E3", 1_000_000),
            ("25e-1", 2500),
            ("100n", 1),
            ("1.5Gi", 1_610_612_736_000),
            ("64Mi", 67_108_864_000),
            ("1k", 1_000_000),
            ("2E", 2_000_000_000_000_000_000_000),
            ("-1", -1000),
        ] {
            assert_eq!(parse_milli(text), Ok(milli), "{text}");
        }
        assert_eq!(parse_units("1500m"), Ok(2));
    }

    #[test]
    fn what_is_not_a_quantity() {
        for text in ["", "Gi", "1.2.3", "1gb", "1 Gi", "--1", "1e", "1e99", "twelve", "1e3Mi"] {
            assert!(parse_milli(text).is_err(), "{text}");
        }
        assert!(parse_units("-1").unwrap_err().contains("negative"));
        assert!(parse_units("99999999999E").is_err());
    }
}
