//! The parts that pages are put together from.

mod avatar;
mod moment;
mod shown;
mod small;
mod spark;

pub(crate) use avatar::{Size, avatar};
pub(crate) use moment::{Moments, day_of};
pub(crate) use shown::{is_web_address, shown_value};
pub(crate) use small::{Notice, channel_icon, field_name, kind_chip, notice, provenance};
pub(crate) use spark::{Month, months, spark};
