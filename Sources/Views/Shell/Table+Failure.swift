import TerminalUI

extension Table {
    /// The table as it is drawn: where nothing could be listed, what went wrong takes the place of the rows. What was listed
    /// before a failure stays.
    func showing(_ failure: String?) -> Table {
        guard let failure, rows == nil else { return self }
        var shown = self
        shown.rows = []
        shown.emptyText = failure
        return shown
    }

    /// The number of rows; where they could not be read, that.
    func note(_ failure: String?) -> StyledLine {
        failure != nil && rows == nil ? StyledLine("not available", .warning) : countNote
    }
}
