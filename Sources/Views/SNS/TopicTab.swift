import TerminalUI

/// A tab of the topic's screen: a screen of its own below the row of tabs, which is told of the topic when it was read.
///
/// `.changed` reaches it whenever the topic has been read anew.
protocol TopicTab: Screen {
    /// Nil until it has been read.
    var topic: TopicReading? { get set }
    /// Set when the tab has changed the topic: it is then read again.
    var isStale: Bool { get set }
}

extension TopicTab {
    var crumbs: [String] { [] }
}
