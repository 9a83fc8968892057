import AWSModel

// What was denied of late, for the list of what is wrong.
extension AccessEnforcement {
    private static let recently = Duration.seconds(3600)
    private static let mostProblems = 10

    /// What was denied within the hour, each kind of call once, the newest first.
    func problems(in scope: Scope) -> [Problem] {
        var found: [String: Problem] = [:]
        var order: [String] = []
        for denial in denials.reversed() where denial.time + Self.recently >= core.now {
            let request = denial.request
            guard Self.account(of: request.resource).map({ $0 == scope.accountID }) ?? true else { continue }
            let key = "\(request.principal.name) \(request.action) \(request.resource)"
            if found[key] != nil {
                found[key]?.since = denial.time
                continue
            }
            guard order.count < Self.mostProblems else { continue }
            order.append(key)
            let word = denial.wasEnforced ? "was denied" : "would be denied, were policies enforced"
            let resource = ResourceNaming.function(request.resource)
            let subject = denial.roleArn.map { "role \(ResourceNaming.last(of: $0))" } ?? request.principal.name
            found[key] = Problem(
                denial.roleArn ?? request.resource, rule: denial.wasEnforced ? "AccessDenied" : "WouldBeDenied",
                text: "\(request.action) on \(resource) \(word) to \(subject): \(denial.decision.sentence).",
                since: denial.time, relatedArn: denial.roleArn == nil ? nil : request.resource)
        }
        return order.compactMap { found[$0] }
    }
}
