import AWSModel
import AWSTypes

// GetInsightRuleReport.

extension CloudWatchService {
    private static let metrics = [
        "UniqueContributors", "MaxContributorValue", "SampleCount", "Sum", "Minimum", "Maximum", "Average",
    ]

    func getInsightRuleReport(
        _ input: CloudWatch.GetInsightRuleReportInput, _ call: Call,
        _ reply: Reply<CloudWatch.GetInsightRuleReportOutput>
    ) throws(ServiceError) {
        guard let item = item(Self.insightRule, input.ruleName, in: call.scope) else {
            throw ServiceError("ResourceNotFoundException", "The specified rule does not exist.", status: 404)
        }
        guard let rule = InsightRule(item.document.string("definition") ?? "") else {
            throw .metricParameterValue("The definition of rule \(input.ruleName) has no Contribution with Keys.")
        }
        guard input.startTime < input.endTime else {
            throw .metricParameterValue("The parameter StartTime must be less than the parameter EndTime.")
        }
        guard input.period > 0, input.period % 60 == 0 else {
            throw .metricParameterValue("The parameter Period must be a multiple of 60.")
        }
        let most = input.maxContributorCount ?? 10
        guard (1...100).contains(most) else {
            throw .metricParameterValue("The parameter MaxContributorCount must be between 1 and 100.")
        }
        for metric in input.metrics ?? [] where !Self.metrics.contains(metric) {
            throw .metricParameterValue("The value \(metric) for parameter Metrics is not supported.")
        }
        let tally = InsightRuleTally(
            from: input.startTime.wholeSeconds, to: input.endTime.wholeSeconds, period: Int64(input.period))
        guard let logs = core.service(LogsService.self) else {
            return reply.succeed(Self.report(of: rule, tally, input))
        }
        let groups = logs.groups(in: call.scope).filter { rule.reads($0.name) }
        // AWS: a rule sees what came while it was there.
        let start = max(input.startTime, item.created).epochMilliseconds
        logs.read(groups, from: start, to: input.endTime.epochMilliseconds, into: tally) { tally, event in
            guard let (keys, value) = rule.contribution(of: event.message) else { return }
            tally.add(keys, value, at: event.position.time / 1000)
        } completion: { result in
            switch result {
            case .success(let tally): reply.succeed(Self.report(of: rule, tally, input))
            case .failure(let error): reply.fail(error)
            }
        }
    }

    private static func report(
        of rule: InsightRule, _ tally: InsightRuleTally, _ input: CloudWatch.GetInsightRuleReportInput
    ) -> CloudWatch.GetInsightRuleReportOutput {
        let contributors = tally.contributors(
            most: input.maxContributorCount ?? 10, byMaximum: input.orderBy == "Maximum")
        return CloudWatch.GetInsightRuleReportOutput(
            keyLabels: rule.keys, aggregationStatistic: rule.sums ? "Sum" : "SampleCount",
            aggregateValue: tally.total, approximateUniqueCount: tally.contributorCount,
            contributors: contributors.map { contributor in
                CloudWatch.InsightRuleContributor(
                    keys: contributor.keys, approximateAggregateValue: contributor.value,
                    datapoints: contributor.points.map {
                        CloudWatch.InsightRuleContributorDatapoint(
                            timestamp: Instant(wholeSeconds: $0.start), approximateValue: $0.value)
                    })
            },
            metricDatapoints: (input.metrics ?? []).isEmpty
                ? [] : tally.starts.map { point(tally, input.metrics ?? [], at: $0) })
    }

    private static func point(
        _ tally: InsightRuleTally, _ metrics: [String], at start: Int64
    ) -> CloudWatch.InsightRuleMetricDatapoint {
        func value(_ metric: String) -> Double? {
            metrics.contains(metric) ? tally.value(of: metric, at: start) : nil
        }
        return CloudWatch.InsightRuleMetricDatapoint(
            timestamp: Instant(wholeSeconds: start), uniqueContributors: value("UniqueContributors"),
            maxContributorValue: value("MaxContributorValue"), sampleCount: value("SampleCount"),
            average: value("Average"), sum: value("Sum"), minimum: value("Minimum"), maximum: value("Maximum"))
    }
}

extension LogsService {
    private static let readSlice = 1_000

    /// Reads groups slice by slice, each in a turn of its own: a long read must not hold up others.
    func read<Result>(
        _ groups: [LogGroup], from: Int64, to: Int64, into result: Result,
        _ body: @escaping (inout Result, LogEvent) -> Void,
        completion: @escaping (Swift.Result<Result, ServiceError>) -> Void
    ) {
        var result = result
        var rest = groups[...]
        var after = LogEvent.Position(time: from, sequence: 0)
        func goOn() {
            core.start(.work { .success(true) }) { [unowned self] _ in
                guard let group = rest.first else { return completion(.success(result)) }
                let selection = LogEventStore.Selection(
                    source: .group(group.id), after: after, before: LogEvent.Position(time: to, sequence: 0))
                do throws(ServiceError) {
                    let page = try events.read(selection, limit: Self.readSlice)
                    for event in page.events { body(&result, event) }
                    if page.isCut, let last = page.events.last {
                        after = last.position
                    } else {
                        rest.removeFirst()
                        after = LogEvent.Position(time: from, sequence: 0)
                    }
                    goOn()
                } catch {
                    completion(.failure(error))
                }
            }
        }
        goOn()
    }
}
