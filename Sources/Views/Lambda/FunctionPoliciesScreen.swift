import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// The policies around a function as one JSON document: who may call it, and what its role lets it reach.
struct FunctionPoliciesScreen: Screen {
    enum Message: Sendable {
        case loaded(Result<String, any Error>)
    }

    let function: String
    let role: String
    var viewer = JSONViewer(id: "policies")
    var failure: String?

    init(function: String, role: String) {
        self.function = function
        self.role = role
        viewer.emptyText = "Loading…"
    }

    var crumbs: [String] { ["Lambda", function, "Policies"] }
    var topics: Set<Topic> { [Topic("lambda/\(function)"), "iam"] }
    var capturesText: Bool { viewer.capturesText }
    var handlesEscape: Bool { viewer.handlesEscape }
    var copyText: String? { viewer.selectedValue ?? viewer.text }
    var bindings: [KeyBinding] { [.refresh] + JSONViewer.bindings }

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        switch event {
        case .appeared, .reappeared, .changed, .action("refresh"):
            let (function, role) = (function, role)
            return [
                .work("load") {
                    try await Self.document(function, role: role, $0.aws)
                } then: {
                    .loaded($0)
                }
            ]
        case .action(let action): _ = viewer.perform(action)
        case .input(let input): _ = viewer.handle(input)
        case .message(.loaded(.success(let text))):
            failure = nil
            viewer.set(text)
        case .message(.loaded(.failure(let error))): failure = error.sentence
        case .tick: break
        }
        return []
    }

    func render(on surface: Surface, in frame: FrameContext) {
        let note = StyledLine((viewer.selectedPath ?? "").clippedInMiddle(to: max(8, surface.width / 2)), .dim)
        let inside = surface.panel("Policies of \(function)", focused: true, note: note)
        if let failure {
            inside.write(failure, x: 1, y: inside.height / 2, width: inside.width - 2, align: .centre, Style(.failure))
        } else {
            viewer.render(on: inside, focused: frame.isInteractive)
        }
    }

    /// - Throws: `AWSError` where neither the function's nor the role's policies can be read.
    static func document(_ function: String, role: String, _ aws: AWSClient) async throws -> String {
        var document: DocumentObject = ["WhoMayCallIt": try await callers(of: function, aws)]
        guard let name = ARN(role)?.resource.split(separator: "/").last.map(String.init) else { return text(document) }
        let trust = try await aws.call(IAM.getRole, .init(roleName: name)).role.assumeRolePolicyDocument
        document.set("WhatItsRoleAllows", .object(try await policies(ofRole: name, aws)))
        document.set("WhoMayTakeItsRole", parsed(trust))
        return text(document)
    }

    private static func callers(of function: String, _ aws: AWSClient) async throws -> DocumentValue {
        do {
            let policy = try await aws.call(Lambda.getPolicy, .init(functionName: function)).policy
            return parsed(policy)
        } catch {
            // A function without a policy answers so.
            if FunctionText.isNotFound(error) { return "No one else may call this function." }
            throw error
        }
    }

    private static func policies(ofRole name: String, _ aws: AWSClient) async throws -> DocumentObject {
        var policies = DocumentObject()
        let attached = try await aws.call(IAM.listAttachedRolePolicies, .init(roleName: name)).attachedPolicies ?? []
        for policy in attached {
            guard let arn = policy.policyArn else { continue }
            let version = try await aws.call(IAM.getPolicy, .init(policyArn: arn)).policy?.defaultVersionId ?? "v1"
            let body = try await aws.call(IAM.getPolicyVersion, .init(policyArn: arn, versionId: version))
                .policyVersion?.documentText
            policies.set(policy.policyName ?? arn, parsed(body))
        }
        let inline = try await aws.call(IAM.listRolePolicies, .init(roleName: name)).policyNames
        for policy in inline {
            let body = try await aws.call(IAM.getRolePolicy, .init(roleName: name, policyName: policy)).policyDocument
            policies.set(policy, parsed(body))
        }
        return policies
    }

    private static func text(_ document: DocumentObject) -> String {
        JSONWriter.string(.object(document), pretty: true)
    }

    /// AWS: IAM answers policies percent-encoded, Lambda as they are.
    static func parsed(_ text: String?) -> DocumentValue {
        guard let text else { return .null }
        if let document = try? JSONReader.parse(text) { return document }
        let plain = percentDecoded(text)
        return (try? JSONReader.parse(plain)) ?? .string(plain)
    }

    static func percentDecoded(_ text: String) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2,
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest.removeFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
