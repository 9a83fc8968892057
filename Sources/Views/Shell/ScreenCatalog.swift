import TerminalUI

/// One entry of the catalogue: all that is needed to show a screen from anywhere.
public struct ScreenRegistration: Sendable {
    /// `sqs.queues`; also what `skua show` takes.
    public let id: String
    public let title: String
    /// For the palette and help: what one sees there.
    public let summary: String
    /// Names of the positional arguments, as in a usage line; a trailing `?` marks an optional one.
    public let arguments: [String]
    public let make: @Sendable (_ arguments: [String]) -> any Screen

    /// `make` gets at least as many arguments as there are required names; the catalogue sees to that.
    public init(
        _ id: String, _ title: String, summary: String = "", arguments: [String] = [],
        make: @escaping @Sendable (_ arguments: [String]) -> any Screen
    ) {
        self.id = id
        self.title = title
        self.summary = summary
        self.arguments = arguments
        self.make = make
    }

    public var requiredArguments: Int { arguments.count { !$0.hasSuffix("?") } }

    /// `sqs.queue QUEUE [TAB]`
    public var usage: String {
        ([id] + arguments.map { $0.hasSuffix("?") ? "[\($0.dropLast())]" : $0 }).joined(separator: " ")
    }
}

/// Why an address leads nowhere.
public enum ScreenCatalogError: Error, Hashable, CustomStringConvertible {
    case noSuchScreen(String, nearest: [String])
    case wrongArguments(usage: String)

    public var description: String {
        switch self {
        case .noSuchScreen(let id, let nearest):
            nearest.isEmpty
                ? "There is no screen '\(id)'."
                : "There is no screen '\(id)'. Did you mean \(nearest.joined(separator: ", "))?"
        case .wrongArguments(let usage): "Usage: \(usage)"
        }
    }
}

/// Every screen there is.
public struct ScreenCatalog: Sendable {
    public let registrations: [ScreenRegistration]

    public init(_ registrations: [ScreenRegistration]) { self.registrations = registrations }

    public func registration(_ id: String) -> ScreenRegistration? {
        registrations.first { $0.id == id }
    }

    public func screen(at address: ScreenAddress) throws(ScreenCatalogError) -> any Screen {
        guard let registration = registration(address.id) else {
            let nearest = registrations.map(\.id).filter {
                $0.hasPrefix(address.id) || FuzzyMatch.score(of: address.id, in: $0) != nil
            }
            throw .noSuchScreen(address.id, nearest: Array(nearest.prefix(5)))
        }
        let count = address.arguments.count
        guard count >= registration.requiredArguments, count <= registration.arguments.count else {
            throw .wrongArguments(usage: registration.usage)
        }
        return registration.make(address.arguments)
    }
}
