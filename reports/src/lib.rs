//! Results to tables, CSV, charts and pages; one file per format.
