import AWSTypes
import TerminalUI

/// A tab of the machine's screen that reads what it shows itself: a screen of its own below the row of tabs.
///
/// `.changed` reaches it whenever the machine has been read anew.
protocol MachineTab: Screen {
    /// Nil until it has been read.
    var machine: SFN.DescribeStateMachineOutput? { get set }
    /// Set when the tab has changed the machine itself: it is then read again.
    var isStale: Bool { get set }
}

extension MachineTab {
    var crumbs: [String] { [] }
    var isStale: Bool {
        get { false }
        set {}
    }
}

extension StateMachineNames {
    /// The number of a version's ARN, or the name of an alias's.
    static func qualifier(_ arn: String) -> String { arn.split(separator: ":").last.map(String.init) ?? arn }
}
