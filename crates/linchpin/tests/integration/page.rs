//! The report as a page, in a real browser.

use std::path::Path;

use serde_json::json;

use crate::browser::Browser;
use crate::program::{available, repository, run};

/// How wide a phone is, in pixels.
const PHONE: u32 = 390;

fn page(folder: &Path) -> std::path::PathBuf {
    let page = folder.join("report.html");
    let target = repository().join("examples/storefront");
    let format = format!("html={}", page.display());
    let target = target.display().to_string();
    let outcome = run(&["scan", "-q", &target, "--format", &format]);
    assert_eq!(outcome.code, 0, "{outcome:?}");
    page
}

fn browser() -> Option<Browser> {
    let started = Browser::start();
    available(started.is_some(), "chromedriver").then_some(())?;
    started
}

#[test]
fn findings_filter_sort_and_open_without_a_network() {
    let Some(browser) = browser() else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    browser.open(&page(folder.path()));
    let shown = "[...document.querySelectorAll('#findings tbody')].filter(row => !row.hidden)";
    let count = |script: &str| {
        let answer = browser.run(&format!("return {script}.length"));
        answer.as_u64().unwrap()
    };
    let all = count(shown);
    assert!(all > 100, "{all}");
    // The box for words, as if somebody had typed.
    let type_in = |words: &str| {
        browser.run(&format!(
            "const box = document.getElementById('filter'); box.value = '{words}'; \
             box.dispatchEvent(new Event('input'))"
        ));
    };
    type_in("jquery 3.4.1");
    let some = count(shown);
    assert!((1..all).contains(&some), "{some} of {all}");
    let has_words = ".every(row => row.textContent.toLowerCase().includes('jquery'))";
    assert_eq!(
        browser.run(&format!("return {shown}{has_words}")),
        json!(true)
    );
    let told = browser.run("return document.getElementById('shown').textContent");
    assert_eq!(told, json!(format!("{some} of {all}")));
    type_in("");
    let choose = |severity: &str| {
        browser.run(&format!(
            "const box = document.getElementById('severity'); box.value = '{severity}'; \
             box.dispatchEvent(new Event('change'))"
        ));
    };
    choose("critical");
    let critical = count(shown);
    assert!((1..all).contains(&critical), "{critical} of {all}");
    let is_critical = ".every(row => row.dataset.severity === 'critical')";
    assert_eq!(
        browser.run(&format!("return {shown}{is_critical}")),
        json!(true)
    );
    choose("");
    assert_eq!(count(shown), all);
    // By name, one way and the other.
    let names = "[...document.querySelectorAll('#findings tbody')]\
                 .map(row => row.rows[0].cells[3].textContent)";
    let click = "document.querySelectorAll('#findings thead button')[3].click()";
    browser.run(click);
    let sorted = "(list => list.every((name, i) => !i || list[i - 1].localeCompare(name) <= 0))";
    assert_eq!(
        browser.run(&format!("return {sorted}({names})")),
        json!(true)
    );
    browser.run(click);
    let backwards = format!("return {sorted}({names}.reverse())");
    assert_eq!(browser.run(&backwards), json!(true));
    // A finding opens, and shows the way to its package.
    let opened = browser.run(
        "const row = document.querySelector('#findings tbody:has(svg.route)'); \
         row.querySelector('summary').click(); \
         return row.querySelector('svg.route').getBoundingClientRect().height",
    );
    assert!(opened.as_f64().unwrap() > 20.0, "{opened}");
    let fetched = browser.run("return performance.getEntriesByType('resource').length");
    assert_eq!(fetched, json!(0));
    assert_eq!(browser.complaints(), [""; 0]);
}

#[test]
fn the_page_fits_a_phone_and_is_dark_where_that_is_preferred() {
    let Some(browser) = browser() else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    browser.resize(PHONE, 844);
    browser.open(&page(folder.path()));
    let wide = browser.run("return document.documentElement.scrollWidth");
    assert!(wide.as_u64().unwrap() <= u64::from(PHONE), "{wide} pixels");
    let paper = || browser.run("return getComputedStyle(document.body).backgroundColor");
    browser.prefer("screen", "light");
    let light = paper();
    browser.prefer("screen", "dark");
    let dark = paper();
    assert_ne!(light, dark);
    // On paper there is nothing to press.
    browser.prefer("print", "light");
    let filters =
        browser.run("return getComputedStyle(document.querySelector('.filters')).display");
    assert_eq!(filters, json!("none"));
    assert_eq!(browser.complaints(), [""; 0]);
}
