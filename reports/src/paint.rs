//! Colour for terminals. It only adds: every word is there without it.

/// What a piece of text wants to say by its colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// Nothing.
    #[default]
    Plain,
    /// This is the point.
    Strong,
    /// Kept, held, met.
    Good,
    /// Missed.
    Bad,
    /// There if you look for it.
    Quiet,
}

/// Puts colour on text, or leaves it as it is.
#[derive(Clone, Copy, Debug)]
pub struct Paint {
    /// Whether colours may be used.
    pub colour: bool,
}

impl Paint {
    /// The text in its tone.
    pub fn tone(self, text: &str, tone: Tone) -> String {
        match (self.colour, code(tone)) {
            (true, Some(code)) => format!("\x1b[{code}m{text}\x1b[0m"),
            _ => text.to_owned(),
        }
    }
}

/// Select Graphic Rendition of ECMA-48.
fn code(tone: Tone) -> Option<&'static str> {
    match tone {
        Tone::Plain => None,
        Tone::Strong => Some("1"),
        Tone::Good => Some("32"),
        Tone::Bad => Some("31"),
        Tone::Quiet => Some("2"),
    }
}
