import AWSModel
import AWSTypes

// SimulatePrincipalPolicy, SimulateCustomPolicy, and which context keys policies ask for.

extension IAMService {
    func registerSimulation(_ table: inout OperationTable) {
        table.on(IAM.simulatePrincipalPolicy, simulatePrincipalPolicy)
        table.on(IAM.simulateCustomPolicy, simulateCustomPolicy)
        table.on(IAM.getContextKeysForCustomPolicy, getContextKeysForCustomPolicy)
        table.on(IAM.getContextKeysForPrincipalPolicy, getContextKeysForPrincipalPolicy)
    }

    private func simulatePrincipalPolicy(
        _ input: IAM.SimulatePrincipalPolicyRequest, _ call: Call
    ) throws(ServiceError) -> IAM.SimulatePolicyResponse {
        let arn = input.policySourceArn
        var set = try policySet(ofArn: arn, call)
        set.identity += try Self.listed(input.policyInputList, "PolicyInputList")
        let boundary = try Self.listed(input.permissionsBoundaryPolicyInputList, "PermissionsBoundaryPolicyInputList")
        if !boundary.isEmpty { set.boundary = boundary }
        if let policy = input.resourcePolicy { set.resource = [try Self.resourcePolicy(policy)] }
        let principal = PolicyPrincipal(arn: input.callerArn ?? arn, accountID: call.scope.accountID)
        return try simulate(
            set, principal, input.actionNames, input.resourceArns, input.contextEntries, input.resourceOwner,
            marker: input.marker, maxItems: input.maxItems, call)
    }

    private func simulateCustomPolicy(
        _ input: IAM.SimulateCustomPolicyRequest, _ call: Call
    ) throws(ServiceError) -> IAM.SimulatePolicyResponse {
        var set = PolicySet()
        set.identity = try Self.listed(input.policyInputList, "PolicyInputList")
        let boundary = try Self.listed(input.permissionsBoundaryPolicyInputList, "PermissionsBoundaryPolicyInputList")
        if !boundary.isEmpty { set.boundary = boundary }
        if let policy = input.resourcePolicy { set.resource = [try Self.resourcePolicy(policy)] }
        let principal = PolicyPrincipal(
            arn: input.callerArn ?? "arn:aws:iam::\(call.scope.accountID):user/simulated",
            accountID: call.scope.accountID)
        return try simulate(
            set, principal, input.actionNames, input.resourceArns, input.contextEntries, input.resourceOwner,
            marker: input.marker, maxItems: input.maxItems, call)
    }

    func policySet(ofArn arn: String, _ call: Call) throws(ServiceError) -> PolicySet {
        if let user = user(arn: arn) { return policySet(of: user) }
        if let role = role(arn: arn) { return policySet(of: role) }
        let name = arn.split(separator: "/").last.map(String.init) ?? ""
        if arn.contains(":group/"), let group = group(name, in: call.scope.accountID) {
            var set = PolicySet()
            set.identity = named(group)
            return set
        }
        guard arn.contains(":user/") || arn.contains(":role/") || arn.contains(":group/") else {
            throw ServiceError(
                "InvalidInputException", "Invalid Entity Arn: \(arn) does not clearly define entity type and name.")
        }
        throw .noSuchEntity("Entity \(arn) does not exist.")
    }

    private static func listed(_ texts: [String]?, _ name: String) throws(ServiceError) -> [NamedPolicy] {
        var policies: [NamedPolicy] = []
        for (index, text) in (texts ?? []).enumerated() {
            do throws(ServiceError) {
                policies.append(
                    NamedPolicy("\(name).\(index + 1)", kind: "none", try PolicyDocument(text, kind: .identity)))
            } catch {
                throw ServiceError("InvalidInputException", "Invalid policy in \(name).\(index + 1): \(error.message)")
            }
        }
        return policies
    }

    private static func resourcePolicy(_ text: String) throws(ServiceError) -> NamedPolicy {
        do throws(ServiceError) {
            return NamedPolicy("ResourcePolicy", kind: "none", try PolicyDocument(text, kind: .resource))
        } catch {
            throw ServiceError("InvalidInputException", "Invalid resource policy: \(error.message)")
        }
    }

    private func simulate(
        _ set: PolicySet, _ principal: PolicyPrincipal, _ actions: [String], _ resources: [String]?,
        _ entries: [IAM.ContextEntry]?, _ owner: String?, marker: String?, maxItems: Int?, _ call: Call
    ) throws(ServiceError) -> IAM.SimulatePolicyResponse {
        var context = RequestContext()
        for entry in entries ?? [] {
            if let key = entry.contextKeyName { context[key] = entry.contextKeyValues ?? [] }
        }
        var results: [(key: String, result: IAM.EvaluationResult)] = []
        for action in actions {
            guard action == "*" || action.contains(":") else {
                throw ServiceError("InvalidInputException", "Invalid action: \(action)")
            }
            for resource in resources ?? ["*"] {
                let request = AuthorizationRequest(
                    principal: principal, action: action, resource: resource,
                    resourceAccountID: owner.map { AccessEnforcement.account(of: $0) ?? $0 }
                        ?? AccessEnforcement.account(of: resource),
                    context: context)
                let number = String(results.count + 1_000_000)
                results.append((number, Self.result(set, request, isNamed: resources != nil)))
            }
        }
        let page = try IAMPage(results, marker: marker, maxItems: maxItems) { $0.key }
        return IAM.SimulatePolicyResponse(
            evaluationResults: page.items.map(\.result), isTruncated: page.isTruncated, marker: page.marker)
    }

    private static func result(
        _ set: PolicySet, _ request: AuthorizationRequest, isNamed: Bool
    ) -> IAM.EvaluationResult {
        let decision = set.decide(request)
        let word =
            switch decision.reason {
            case .allowed: "allowed"
            case .explicitDeny: "explicitDeny"
            case .implicitDeny: "implicitDeny"
            }
        let missing = set.contextKeys.filter { request.context[$0] == nil }
        var result = IAM.EvaluationResult(
            evalActionName: request.action, evalResourceName: request.resource, evalDecision: word,
            matchedStatements: decision.deciding.map { deciding in
                let start = position(of: deciding.statement, in: deciding.policy.document.text)
                return IAM.Statement(
                    sourcePolicyId: deciding.policy.sourceID,
                    sourcePolicyType: deciding.layer == .resource ? "resource" : "IAM Policy",
                    startPosition: start.from, endPosition: start.to)
            },
            missingContextValues: missing)
        // AWS: told between accounts only, where both sides have a say.
        if let owner = request.resourceAccountID, owner != request.principal.accountID {
            func word(_ allows: Bool) -> String { allows ? "allowed" : "implicitDeny" }
            func allows(_ policies: [NamedPolicy]) -> Bool {
                policies.contains { $0.document.statements.contains { $0.isAllow && $0.covers(request) } }
            }
            result.evalDecisionDetails = [
                "IAM Policy": word(allows(set.identity)), "Resource Policy": word(allows(set.resource)),
            ]
        }
        if let boundary = set.boundary {
            let allows = boundary.contains { policy in
                policy.document.statements.contains { $0.isAllow && $0.covers(request) }
            }
            result.permissionsBoundaryDecisionDetail = IAM.PermissionsBoundaryDecisionDetail(
                allowedByPermissionsBoundary: allows)
        }
        // AWS: again by resource where the call names any. (Of organizations nothing is told: the account is in none.)
        if isNamed {
            result.resourceSpecificResults = [
                IAM.ResourceSpecificResult(
                    evalResourceName: request.resource, evalResourceDecision: word,
                    matchedStatements: result.matchedStatements, missingContextValues: missing,
                    evalDecisionDetails: result.evalDecisionDetails,
                    permissionsBoundaryDecisionDetail: result.permissionsBoundaryDecisionDetail)
            ]
        }
        return result
    }

    /// Where a statement stands in the text of its policy: the first and the last of its braces, counted from 1.
    private static func position(
        of statement: PolicyStatement, in text: String
    ) -> (from: IAM.Position, to: IAM.Position) {
        let span = StatementSpan.find(statement.index, in: text)
        return (
            IAM.Position(line: span.startLine, column: span.startColumn),
            IAM.Position(line: span.endLine, column: span.endColumn)
        )
    }

    // MARK: Context keys

    private func getContextKeysForCustomPolicy(
        _ input: IAM.GetContextKeysForCustomPolicyRequest, _ call: Call
    ) throws(ServiceError) -> IAM.GetContextKeysForPolicyResponse {
        var set = PolicySet()
        set.identity = try Self.listed(input.policyInputList, "PolicyInputList")
        return IAM.GetContextKeysForPolicyResponse(contextKeyNames: set.contextKeys)
    }

    private func getContextKeysForPrincipalPolicy(
        _ input: IAM.GetContextKeysForPrincipalPolicyRequest, _ call: Call
    ) throws(ServiceError) -> IAM.GetContextKeysForPolicyResponse {
        var set = try policySet(ofArn: input.policySourceArn, call)
        set.identity += try Self.listed(input.policyInputList, "PolicyInputList")
        return IAM.GetContextKeysForPolicyResponse(contextKeyNames: set.contextKeys)
    }
}

extension PolicySet {
    /// Every context key that the policies ask for: in conditions, and as variables.
    var contextKeys: [String] {
        let statements = (identity + (boundary ?? []) + (session ?? []) + resource).flatMap(\.document.statements)
        let texts = statements.flatMap { statement in
            (statement.resources ?? []).map(\.text) + statement.conditions.flatMap(\.values)
        }
        let keys = statements.flatMap { $0.conditions.map(\.key) } + texts.flatMap(PolicyVariables.names)
        return Set(keys).sorted()
    }
}

/// Lines and columns of one statement in a policy's text.
struct StatementSpan {
    var startLine = 1
    var startColumn = 1
    var endLine = 1
    var endColumn = 1

    /// Statements are the objects one level below the document, or two where a list holds them.
    static func find(_ index: Int, in text: String) -> StatementSpan {
        var span = StatementSpan()
        var depth = 0
        var isInString = false
        var isEscaped = false
        var seen = -1
        var line = 1
        var column = 0
        for byte in text.utf8 {
            column += 1
            if byte == UInt8(ascii: "\n") {
                line += 1
                column = 0
            }
            if isInString {
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isInString = false
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): isInString = true
            case UInt8(ascii: "{"):
                depth += 1
                guard depth == 2 else { continue }
                seen += 1
                if seen == index { (span.startLine, span.startColumn) = (line, column) }
            case UInt8(ascii: "}"):
                if depth == 2, seen == index { (span.endLine, span.endColumn) = (line, column + 1) }
                depth -= 1
            default: break
            }
        }
        return span
    }
}
