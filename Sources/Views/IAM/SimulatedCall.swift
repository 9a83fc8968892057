import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// One action on one resource, and what the policies say of it.
struct SimulatedCall: Identifiable, Hashable, Sendable {
    struct Decider: Hashable, Sendable {
        var sourceID: String
        var start: IAMPosition
        var end: IAMPosition
    }

    var action: String
    var resource: String
    /// `allowed`, `explicitDeny`, `implicitDeny`.
    var decision: String
    var deciders: [Decider]
    /// Condition keys that the policies ask for and nobody gave.
    var missing: [String]
    /// Whether the boundary allows it; nil where there is none.
    var isWithinBoundary: Bool?

    var id: String { "\(action) \(resource)" }

    var mark: StatusMark { decision == "allowed" ? .succeeded : .failed }
    var word: String {
        switch decision {
        case "allowed": "Allowed"
        case "explicitDeny": "Denied"
        default: "Not allowed"
        }
    }

    /// Why, in a few words.
    var reason: String {
        if isWithinBoundary == false { return "outside the permissions boundary" }
        guard let first = deciders.first else { return "no statement allows it" }
        return first.sourceID
    }

    init(_ result: IAM.EvaluationResult) {
        action = result.evalActionName
        resource = result.evalResourceName ?? "*"
        decision = result.evalDecision
        missing = result.missingContextValues ?? []
        isWithinBoundary = result.permissionsBoundaryDecisionDetail?.allowedByPermissionsBoundary
        deciders = (result.matchedStatements ?? []).map { statement in
            Decider(
                sourceID: statement.sourcePolicyId ?? "",
                start: IAMPosition(
                    line: statement.startPosition?.line ?? 1, column: statement.startPosition?.column ?? 1),
                end: IAMPosition(line: statement.endPosition?.line ?? 1, column: statement.endPosition?.column ?? 1))
        }
    }

    /// Asks the simulator, and reads the policies that it names.
    static func simulate(_ question: Question, _ aws: AWSClient) async throws -> (
        calls: [SimulatedCall], policies: [HeldPolicy]
    ) {
        let answer = try await aws.call(
            IAM.simulatePrincipalPolicy,
            .init(
                policySourceArn: question.principal, actionNames: question.actions, resourceArns: question.resources,
                contextEntries: question.context))
        let calls = (answer.evaluationResults ?? []).map(SimulatedCall.init)
        let name = ResourceName.last(of: question.principal)
        let isUser = question.principal.contains(":user/")
        let policies =
            isUser
            ? try await IdentityDetails.load(.user, name, aws).policies
            : try await IdentityDetails.load(.role, name, aws).policies
        return (calls, policies)
    }

    struct Question: Hashable, Sendable {
        var principal: String
        var actions: [String]
        var resources: [String]?
        var context: [IAM.ContextEntry]?

        /// - Parameters:
        ///   - actions: one a line, or separated by commas.
        ///   - context: `KEY=VALUE`, one a line.
        init?(principal: String, actions: String, resources: String, context: String) {
            func items(_ text: String) -> [String] {
                text.split { $0 == "\n" || $0 == "," || $0 == " " }.map(String.init)
            }
            let principal = items(principal).first ?? ""
            guard principal.contains(":user/") || principal.contains(":role/") else { return nil }
            self.principal = principal
            self.actions = items(actions).filter { $0.contains(":") || $0 == "*" }
            guard !self.actions.isEmpty else { return nil }
            let named = items(resources)
            self.resources = named.isEmpty ? nil : named
            let entries = context.split(separator: "\n").compactMap { line -> IAM.ContextEntry? in
                let halves = line.split(separator: "=", maxSplits: 1).map(String.init)
                guard halves.count == 2 else { return nil }
                return IAM.ContextEntry(
                    contextKeyName: halves[0], contextKeyValues: [halves[1]], contextKeyType: "string")
            }
            self.context = entries.isEmpty ? nil : entries
        }
    }
}
