//! How well-known libraries sign their files: the words before the version in the first line of the
//! comment that stands over them.

/// A library's words, and its name at npm. Only words that nobody but the library itself begins a
/// comment with, and that the version follows at once.
pub(super) static BANNERS: &[(&str, &str)] = &[
    ("@popperjs/core v", "@popperjs/core"),
    ("AngularJS v", "angular"),
    ("Axios v", "axios"),
    ("Backbone.js ", "backbone"),
    ("Bootstrap v", "bootstrap"),
    ("Chart.js v", "chart.js"),
    ("DOMPurify ", "dompurify"),
    ("DataTables ", "datatables.net"),
    ("Datepicker for Bootstrap v", "bootstrap-datepicker"),
    ("FullCalendar v", "fullcalendar"),
    ("Hammer.JS - v", "hammerjs"),
    ("Highcharts JS v", "highcharts"),
    ("Highlight.js v", "highlight.js"),
    ("Isotope PACKAGED v", "isotope-layout"),
    ("JSZip v", "jszip"),
    ("Knockout JavaScript library v", "knockout"),
    ("Leaflet ", "leaflet"),
    ("Masonry PACKAGED v", "masonry-layout"),
    ("Modernizr v", "modernizr"),
    ("Owl Carousel v", "owl.carousel"),
    ("RequireJS ", "requirejs"),
    ("Select2 ", "select2"),
    ("Socket.IO v", "socket.io-client"),
    ("Summernote v", "summernote"),
    ("Swiper ", "swiper"),
    ("TinyMCE version ", "tinymce"),
    ("Underscore.js ", "underscore"),
    ("Video.js ", "video.js"),
    ("Vue.js v", "vue"),
    ("axios v", "axios"),
    ("clipboard.js v", "clipboard"),
    ("flatpickr v", "flatpickr"),
    ("handlebars v", "handlebars"),
    ("https://d3js.org v", "d3"),
    ("jQuery JavaScript Library v", "jquery"),
    ("jQuery Migrate - v", "jquery-migrate"),
    ("jQuery Migrate v", "jquery-migrate"),
    ("jQuery UI - v", "jquery-ui"),
    ("jQuery UI v", "jquery-ui"),
    ("jQuery Validation Plugin - v", "jquery-validation"),
    ("jQuery Validation Plugin v", "jquery-validation"),
    ("jQuery v", "jquery"),
    ("js-cookie v", "js-cookie"),
    ("jsTree - v", "jstree"),
    ("marked v", "marked"),
    ("modernizr ", "modernizr"),
    ("moment.js version : ", "moment"),
    ("pako ", "pako"),
    ("pinia v", "pinia"),
    ("plotly.js v", "plotly.js"),
    ("sweetalert2 v", "sweetalert2"),
    ("vue v", "vue"),
    ("vue-router v", "vue-router"),
    ("vuex v", "vuex"),
];

/// The name and version of the library that the lines of a comment sign.
pub(super) fn library_of<'a>(first: &'a str, second: &'a str) -> Option<(&'static str, &'a str)> {
    if let Some(version) = first.strip_prefix("React v").and_then(version) {
        // React names its files in the second line, and gives them the version of their package.
        let file = second.split('.').next()?;
        let package = ["react-dom", "react-is", "scheduler", "react"]
            .into_iter()
            .find(|package| {
                file == *package
                    || file
                        .strip_prefix(package)
                        .is_some_and(|rest| rest.starts_with('-'))
            })?;
        return Some((package, version));
    }
    BANNERS.iter().find_map(|(words, name)| {
        let version = version(first.strip_prefix(words)?)?;
        Some((*name, version))
    })
}

/// The version at the start of a text, if nothing else is stuck to it: `1.9+` is none.
fn version(text: &str) -> Option<&str> {
    let fine = |next: char| next.is_ascii_alphanumeric() || matches!(next, '.' | '-');
    let end = text.find(|next| !fine(next)).unwrap_or(text.len());
    let (version, rest) = text.split_at_checked(end)?;
    let numbers = version.split('-').next()?;
    let are_numbers = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let good = matches!(numbers.split('.').count(), 2 | 3)
        && numbers.split('.').all(are_numbers)
        && version.len() < 40
        && !version.ends_with('-')
        && !rest.starts_with(['+', '*', 'x', '_']);
    good.then_some(version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_stand_alone() {
        assert_eq!(
            library_of("jQuery v3.6.0 | (c) X", ""),
            Some(("jquery", "3.6.0"))
        );
        assert_eq!(
            library_of("Vue.js v2.7.0-beta.1", ""),
            Some(("vue", "2.7.0-beta.1"))
        );
        assert_eq!(
            library_of("React v16.13.1", "react-dom.production.min.js"),
            Some(("react-dom", "16.13.1"))
        );
        assert_eq!(library_of("React v16.13.1", "own.js"), None);
        for text in [
            "jQuery v1.9+ needed",
            "jQuery v1",
            "jQuery v1.x",
            "A jQuery v1.9.0",
            "pako x",
        ] {
            assert_eq!(library_of(text, ""), None, "{text}");
        }
    }

    #[test]
    fn the_table_is_sorted() {
        assert!(BANNERS.is_sorted());
    }
}
