import AWSModel

/// What a service tells of its own resources, as AWS's services tell EventBridge's default bus: an execution changed
/// its status, an alarm its state.
public struct ServiceEvent: Sendable, Hashable {
    /// `aws.states`, `aws.cloudwatch`, `aws.scheduler`.
    public var source: String
    /// `Step Functions Execution Status Change`.
    public var detailType: String
    /// ARNs of what the event is about.
    public var resources: [String]
    public var detail: DocumentObject
    public var scope: Scope

    public init(source: String, detailType: String, resources: [String], detail: DocumentObject, scope: Scope) {
        self.source = source
        self.detailType = detailType
        self.resources = resources
        self.detail = detail
        self.scope = scope
    }
}

/// Who hears what services tell of themselves: EventBridge.
public protocol ServiceEventListener: AnyObject {
    /// Within the turn in which it happened, after what was running then.
    func received(_ event: ServiceEvent, cause: Cause?)
}

extension EngineCore {
    /// Tells that something happened. Without a listener nobody hears it, as on AWS without a matching rule.
    public func emit(_ event: ServiceEvent, cause: Cause?) {
        guard serviceEventListener != nil else { return }
        later { [unowned self] in serviceEventListener?.received(event, cause: cause) }
    }
}
