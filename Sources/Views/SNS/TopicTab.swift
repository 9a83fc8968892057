/// A tab of the topic's screen.
protocol TopicTab: ResourceTab where Reading == TopicReading {
    /// Nil until it has been read.
    var topic: TopicReading? { get set }
}

extension TopicTab {
    var reading: TopicReading? {
        get { topic }
        set { topic = newValue }
    }
}
