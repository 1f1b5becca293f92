//! A list of named checks and the table of how each ended.

use anyhow::{Result, bail};

use crate::clock::{Stopwatch, human};

#[derive(Debug)]
enum Ending {
    Passed,
    Failed(String),
    Skipped(String),
}

/// Runs checks one after another. After a failure the rest is skipped by name, unless told to keep going.
#[derive(Debug)]
pub struct Steps {
    keep_going: bool,
    failed: bool,
    table: Vec<(String, String, Ending)>,
    closing_lines: Vec<String>,
}

impl Steps {
    /// An empty list.
    pub fn new(keep_going: bool) -> Self {
        Self { keep_going, failed: false, table: Vec::new(), closing_lines: Vec::new() }
    }

    /// Runs one check. What it adds to the given lines is repeated at the very end.
    pub fn run(&mut self, name: &str, check: impl FnOnce(&mut Vec<String>) -> Result<()>) {
        if self.failed && !self.keep_going {
            self.skip(name, "an earlier step failed");
            return;
        }
        println!("\n=== {name}");
        let watch = Stopwatch::start();
        let ending = match check(&mut self.closing_lines) {
            Ok(()) => Ending::Passed,
            Err(error) => {
                self.failed = true;
                Ending::Failed(format!("{error:#}"))
            }
        };
        self.table.push((name.to_owned(), human(watch.elapsed()), ending));
    }

    /// Names a check that is not run, and why.
    pub fn skip(&mut self, name: &str, why: &str) {
        self.table.push((name.to_owned(), "-".to_owned(), Ending::Skipped(why.to_owned())));
    }

    /// The table, one line per check, then the closing lines of the test programs.
    fn summary(&self) -> String {
        let mut text = String::from("\n=== summary\n");
        for (name, took, ending) in &self.table {
            let said = match ending {
                Ending::Passed => "passed".to_owned(),
                Ending::Failed(error) => format!("FAILED: {error}"),
                Ending::Skipped(why) => format!("skipped: {why}"),
            };
            text.push_str(&format!("{name:<26} {took:>12}   {said}\n"));
        }
        if !self.closing_lines.is_empty() {
            text.push('\n');
        }
        for line in &self.closing_lines {
            text.push_str(line);
            text.push('\n');
        }
        text
    }

    /// Prints the summary; an error if any check failed.
    pub fn finish(self) -> Result<()> {
        print!("{}", self.summary());
        if self.failed {
            bail!("not everything passed");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use anyhow::anyhow;

    use super::*;

    fn lines_with<'a>(text: &'a str, word: &str) -> Vec<&'a str> {
        text.lines().filter(|line| line.contains(word)).collect()
    }

    #[test]
    fn after_a_failure_the_rest_is_skipped_by_name() {
        let mut steps = Steps::new(false);
        steps.run("first", |closing| {
            closing.push("test result: ok. 3 passed".to_owned());
            Ok(())
        });
        steps.run("second", |_| Err(anyhow!("it broke")));
        let mut third_ran = false;
        steps.run("third", |_| {
            third_ran = true;
            Ok(())
        });
        assert!(!third_ran);
        let text = steps.summary();
        assert_eq!(lines_with(&text, "first").len(), 1);
        assert!(lines_with(&text, "second").iter().all(|line| line.contains("FAILED: it broke")), "{text}");
        assert!(lines_with(&text, "third").iter().all(|line| line.contains("skipped")), "{text}");
        assert!(text.ends_with("\ntest result: ok. 3 passed\n"), "{text}");
        assert!(steps.finish().is_err());
    }

    #[test]
    fn keeping_going_runs_the_rest_and_still_fails() {
        let mut steps = Steps::new(true);
        steps.run("first", |_| Err(anyhow!("it broke")));
        let mut second_ran = false;
        steps.run("second", |_| {
            second_ran = true;
            Ok(())
        });
        assert!(second_ran);
        assert!(steps.finish().is_err());
    }

    #[test]
    fn a_skipped_check_is_no_failure() {
        let mut steps = Steps::new(false);
        steps.skip("browser tests", "there is no chromedriver");
        assert!(steps.summary().contains("skipped: there is no chromedriver"));
        assert!(steps.finish().is_ok());
    }
}
