import AWSModel

/// A distributed Map for somebody else to run: everything of the state that is settled when it is entered.
public struct MapRunOrder: Sendable, Hashable {
    /// Unique within the execution; comes back with the result.
    public var id: Int
    public var stateName: String
    /// The item processor's index in ``StateMachineDefinition/workflows``.
    public var workflow: Int
    public var executionType: StateMachineType
    public var label: String?
    /// Nil where `itemReader` tells where they are.
    public var items: [DocumentValue]?
    /// `Resource`, `Parameters` or `Arguments`, `ReaderConfig`, evaluated.
    public var itemReader: DocumentObject?
    /// `MaxItemsPerBatch`, `MaxInputBytesPerBatch`, `BatchInput`, evaluated.
    public var itemBatcher: DocumentObject?
    public var resultWriter: DocumentObject?
    /// 0 for as many as possible.
    public var maxConcurrency: Int
    public var toleratedFailureCount: Int
    public var toleratedFailurePercentage: Double
    /// The run to go on with, where the execution is redriven.
    public var redriven: String?

    public init(
        id: Int, stateName: String, workflow: Int, executionType: StateMachineType, label: String?,
        items: [DocumentValue]? = nil, itemReader: DocumentObject? = nil, itemBatcher: DocumentObject? = nil,
        resultWriter: DocumentObject? = nil, maxConcurrency: Int, toleratedFailureCount: Int,
        toleratedFailurePercentage: Double, redriven: String? = nil
    ) {
        self.id = id
        self.stateName = stateName
        self.workflow = workflow
        self.executionType = executionType
        self.label = label
        self.items = items
        self.itemReader = itemReader
        self.itemBatcher = itemBatcher
        self.resultWriter = resultWriter
        self.maxConcurrency = maxConcurrency
        self.toleratedFailureCount = toleratedFailureCount
        self.toleratedFailurePercentage = toleratedFailurePercentage
        self.redriven = redriven
    }
}
