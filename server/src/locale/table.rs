//! The table: what is written where (after CLDR 46, shortened to what pages show).

use jiff::civil::Weekday::{self, Monday, Sunday};

use super::{
    Digits::{self, Arabic, Latin},
    Grouping::{Lakhs, LongThousands, Thousands},
    Hours::{self, Twelve, TwentyFour},
    Numbers, Ways,
};

/// How days are written.
struct Days(&'static str, &'static str, &'static str, &'static str);

const DAY_FIRST: Days = Days("%-d %b", "%-d %b %Y", "%A, %-d %B", "%A, %-d %B %Y");
const MONTH_FIRST: Days = Days("%b %-d", "%b %-d, %Y", "%A, %B %-d", "%A, %B %-d, %Y");
const DOTS: Days = Days("%-d.%-m.", "%-d.%-m.%Y", "%A, %-d %B", "%A, %-d %B %Y");
const SLASHES: Days = Days("%-d/%-m", "%-d/%-m/%Y", "%A, %-d %B", "%A, %-d %B %Y");
const YEAR_FIRST: Days = Days("%-d %b", "%Y-%m-%d", "%A, %-d %B", "%A, %-d %B %Y");
const YEAR_SLASHES: Days = Days("%-m/%-d", "%Y/%-m/%-d", "%A, %B %-d", "%A, %B %-d, %Y");

const fn numbers(gap: &'static str, point: &'static str) -> Numbers {
    Numbers { gap, point, grouping: Thousands }
}

const fn long_numbers(gap: &'static str, point: &'static str) -> Numbers {
    Numbers { gap, point, grouping: LongThousands }
}

const COMMA: Numbers = numbers(",", ".");
const DOT: Numbers = numbers(".", ",");
const BLANK: Numbers = numbers("\u{a0}", ",");
const THIN: Numbers = numbers("\u{202f}", ",");
const INDIAN: Numbers = Numbers { gap: ",", point: ".", grouping: Lakhs };

const fn ways(tag: &'static str, days: Days, hours: Hours, numbers: Numbers) -> Ways {
    at_home(tag, days, hours, numbers, Latin, Monday)
}

const fn at_home(
    tag: &'static str,
    days: Days,
    hours: Hours,
    numbers: Numbers,
    digits: Digits,
    work_begins: Weekday,
) -> Ways {
    let Days(day, date, heading, heading_with_year) = days;
    Ways { tag, day, date, heading, heading_with_year, hours, numbers, digits, work_begins }
}

/// Nobody's in particular.
pub(super) static WORLD: Ways = ways("en", DAY_FIRST, TwentyFour, numbers("\u{202f}", "."));

/// Those that are known. The first of a language stands for it where no country is named.
pub(crate) static ALL: [Ways; 42] = [
    ways("en-US", MONTH_FIRST, Twelve, COMMA),
    ways("en-GB", DAY_FIRST, TwentyFour, COMMA),
    ways("en-AU", DAY_FIRST, Twelve, COMMA),
    ways("en-CA", Days("%b %-d", "%Y-%m-%d", "%A, %B %-d", "%A, %B %-d, %Y"), Twelve, COMMA),
    ways("en-IE", DAY_FIRST, TwentyFour, COMMA),
    ways("en-IN", DAY_FIRST, Twelve, INDIAN),
    ways("en-NZ", DAY_FIRST, Twelve, COMMA),
    ways("en-ZA", DAY_FIRST, TwentyFour, BLANK),
    at_home("ar-EG", SLASHES, Twelve, numbers("\u{66c}", "\u{66b}"), Arabic, Sunday),
    ways("ar-AE", SLASHES, Twelve, COMMA),
    ways("bg-BG", DOTS, TwentyFour, long_numbers("\u{a0}", ",")),
    ways("cs-CZ", DOTS, TwentyFour, BLANK),
    ways("da-DK", DOTS, TwentyFour, DOT),
    ways("de-DE", DOTS, TwentyFour, DOT),
    ways("de-AT", DOTS, TwentyFour, BLANK),
    ways("de-CH", DOTS, TwentyFour, numbers("’", ".")),
    ways("el-GR", SLASHES, Twelve, DOT),
    ways("es-ES", DAY_FIRST, TwentyFour, long_numbers(".", ",")),
    ways("es-MX", DAY_FIRST, TwentyFour, COMMA),
    ways("fi-FI", DOTS, TwentyFour, BLANK),
    ways("fr-FR", DAY_FIRST, TwentyFour, THIN),
    ways("fr-CA", YEAR_FIRST, TwentyFour, BLANK),
    at_home("he-IL", DOTS, TwentyFour, COMMA, Latin, Sunday),
    ways("hi-IN", DAY_FIRST, Twelve, INDIAN),
    ways("hu-HU", Days("%b %-d", "%Y-%m-%d", "%A, %B %-d", "%A, %B %-d, %Y"), TwentyFour, BLANK),
    ways("id-ID", DAY_FIRST, TwentyFour, DOT),
    ways("it-IT", DAY_FIRST, TwentyFour, DOT),
    ways("ja-JP", YEAR_SLASHES, TwentyFour, COMMA),
    ways("ko-KR", YEAR_SLASHES, Twelve, COMMA),
    ways("nb-NO", DOTS, TwentyFour, BLANK),
    ways("nl-NL", DAY_FIRST, TwentyFour, DOT),
    ways("nl-BE", DAY_FIRST, TwentyFour, DOT),
    ways("pl-PL", DOTS, TwentyFour, long_numbers("\u{a0}", ",")),
    ways("pt-BR", DAY_FIRST, TwentyFour, DOT),
    ways("pt-PT", DAY_FIRST, TwentyFour, long_numbers("\u{a0}", ",")),
    ways("ro-RO", DOTS, TwentyFour, DOT),
    ways("sv-SE", YEAR_FIRST, TwentyFour, BLANK),
    ways("tr-TR", DOTS, TwentyFour, DOT),
    ways("uk-UA", DOTS, TwentyFour, BLANK),
    ways("vi-VN", SLASHES, TwentyFour, DOT),
    ways("zh-CN", YEAR_SLASHES, TwentyFour, COMMA),
    ways("zh-TW", YEAR_SLASHES, Twelve, COMMA),
];
