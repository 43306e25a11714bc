//! Text for a terminal: hostile characters made visible, widths counted in columns.
