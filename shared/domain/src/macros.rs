//! What every checked text value has in common.

/// Gives a newtype over `String`, which has a `parse(&str) -> Result<Self, Error>` constructor, its conversions.
macro_rules! checked_text {
    ($type:ident, $error:ident) => {
        impl $type {
            /// The stored form.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::str::FromStr for $type {
            type Err = $error;
            fn from_str(s: &str) -> Result<Self, $error> {
                Self::parse(s)
            }
        }

        impl TryFrom<String> for $type {
            type Error = $error;
            fn try_from(s: String) -> Result<Self, $error> {
                Self::parse(&s)
            }
        }

        impl From<$type> for String {
            fn from(v: $type) -> Self {
                v.0
            }
        }

        impl AsRef<str> for $type {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }
    };
}

/// Shows a newtype over `String` as it is stored.
macro_rules! shown_as_stored {
    ($type:ident) => {
        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

pub(crate) use checked_text;
pub(crate) use shown_as_stored;
