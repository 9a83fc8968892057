import AWSClient
import AWSModel
import TerminalUI

/// What the endpoint behind the console can do, beyond AWS's own operations.
public struct ConnectionCapabilities: Sendable, Hashable {
    /// Skua's engine: peek, why, time, timeline, topology, traffic, change news.
    public var hasEngine: Bool
    /// Calls that change something are refused before they are sent.
    public var isReadOnly: Bool

    public init(hasEngine: Bool, isReadOnly: Bool = false) {
        self.hasEngine = hasEngine
        self.isReadOnly = isReadOnly
    }
}

extension Need {
    /// The action changes something: nothing for a console that only looks.
    static let changes = Need("changes")
    /// What no AWS endpoint offers: peeking, reasons, traces, time.
    static let engine = Need("engine")
}

extension ConnectionCapabilities {
    static let readOnlyReason = "The console is read-only"
    static let engineReason = "Only Skua's own engine offers this"

    /// Why it cannot be done here; nil if it can. What destroys something changes it.
    private func refusal(of binding: KeyBinding) -> String? {
        if binding.needs.contains(.engine), !hasEngine { return Self.engineReason }
        if isReadOnly, binding.isDestructive || binding.needs.contains(.changes) { return Self.readOnlyReason }
        return nil
    }

    /// The bindings as they are here: what the place does not allow is greyed with the reason.
    func granted(_ bindings: [KeyBinding]) -> [KeyBinding] {
        if hasEngine, !isReadOnly { return bindings }
        return bindings.map { binding in
            guard let reason = refusal(of: binding) else { return binding }
            var refused = binding
            refused.availability = .disabled(reason)
            return refused
        }
    }
}

/// Answers everything with one clear error: what a screen finds where nothing is connected, as in snapshot tests.
struct DisconnectedTransport: Transport {
    func send(
        service: ServiceModel, operation: OperationModel, input: DocumentObject
    ) async throws(AWSError) -> DocumentObject {
        throw AWSError("ConnectionFailed", "The console is connected to nothing.")
    }
}

private enum ClientKey: ContextKey {
    static let defaultValue = AWSClient(transport: DisconnectedTransport(), maximumAttempts: 1)
}

private enum CapabilitiesKey: ContextKey {
    static let defaultValue = ConnectionCapabilities(hasEngine: true)
}

extension ConsoleContext {
    /// The way to every service.
    public var aws: AWSClient {
        get { self[ClientKey.self] }
        set { self[ClientKey.self] = newValue }
    }

    public var capabilities: ConnectionCapabilities {
        get { self[CapabilitiesKey.self] }
        set { self[CapabilitiesKey.self] = newValue }
    }
}
