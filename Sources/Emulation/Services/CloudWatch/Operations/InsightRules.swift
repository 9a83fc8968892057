import AWSModel
import AWSTypes

// PutInsightRule, DescribeInsightRules, DeleteInsightRules, EnableInsightRules, DisableInsightRules.

extension CloudWatchService {
    static let insightRule = "insight-rule"

    func putInsightRule(
        _ input: CloudWatch.PutInsightRuleInput, _ call: Call
    ) throws(ServiceError) -> CloudWatch.PutInsightRuleOutput {
        guard (try? JSONReader.parse(input.ruleDefinition))?.object != nil else {
            throw .metricParameterValue("The rule definition is not valid JSON.")
        }
        let state = input.ruleState?.uppercased() ?? "ENABLED"
        guard state == "ENABLED" || state == "DISABLED" else {
            throw .metricParameterValue("The value \(input.ruleState ?? "") for parameter RuleState is not supported.")
        }
        let tags = Dictionary((input.tags ?? []).map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
        let document: DocumentObject = ["definition": .string(input.ruleDefinition), "state": .string(state)]
        _ = put(Self.insightRule, input.ruleName, document, tags, call)
        return CloudWatch.PutInsightRuleOutput()
    }

    func describeInsightRules(
        _ input: CloudWatch.DescribeInsightRulesInput, _ call: Call
    ) throws(ServiceError) -> CloudWatch.DescribeInsightRulesOutput {
        let found = items(Self.insightRule, in: call.scope)
        let (page, next) = try Self.page(found, input.nextToken, limit: input.maxResults ?? 500) { $0.id }
        return CloudWatch.DescribeInsightRulesOutput(
            nextToken: next,
            insightRules: page.map { item in
                let definition = item.document.string("definition") ?? "{}"
                let schema = (try? JSONReader.parse(definition))?["Schema"]
                return CloudWatch.InsightRule(
                    name: item.id, state: item.document.string("state") ?? "ENABLED",
                    schema: "\(schema?["Name"]?.string ?? "CloudWatchLogRule")/\(schema?["Version"]?.integer ?? 1)",
                    definition: definition, managedRule: false)
            })
    }

    func deleteInsightRules(
        _ input: CloudWatch.DeleteInsightRulesInput, _ call: Call
    ) throws(ServiceError) -> CloudWatch.DeleteInsightRulesOutput {
        for name in input.ruleNames { _ = removeItem(Self.insightRule, name, in: call.scope) }
        return CloudWatch.DeleteInsightRulesOutput(failures: [])
    }

    func enableInsightRules(
        _ input: CloudWatch.EnableInsightRulesInput, _ call: Call
    ) throws(ServiceError) -> CloudWatch.EnableInsightRulesOutput {
        CloudWatch.EnableInsightRulesOutput(failures: setState("ENABLED", of: input.ruleNames, call))
    }

    func disableInsightRules(
        _ input: CloudWatch.DisableInsightRulesInput, _ call: Call
    ) throws(ServiceError) -> CloudWatch.DisableInsightRulesOutput {
        CloudWatch.DisableInsightRulesOutput(failures: setState("DISABLED", of: input.ruleNames, call))
    }

    /// AWS: names of no rule come back as failures.
    private func setState(_ state: String, of names: [String], _ call: Call) -> [CloudWatch.PartialFailure] {
        var failures: [CloudWatch.PartialFailure] = []
        for name in names {
            guard var item = item(Self.insightRule, name, in: call.scope) else {
                failures.append(
                    CloudWatch.PartialFailure(
                        failureResource: name, exceptionType: "ResourceNotFoundException", failureCode: "404",
                        failureDescription: "The rule does not exist."))
                continue
            }
            item.document["state"] = .string(state)
            save(item)
        }
        return failures
    }
}
