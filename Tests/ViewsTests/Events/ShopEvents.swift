import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

@testable import Views

/// A shop's event-driven side: two buses with rules, an archive and a replay, a connection, schedules and a pipe.
enum ShopEvents {
    static func arn(_ service: String, _ resource: String) -> String {
        "arn:aws:\(service):us-east-1:123456789012:\(resource)"
    }

    static let rules = [
        Events.Rule(
            name: "large-orders", arn: arn("events", "rule/orders/large-orders"),
            eventPattern:
                #"{"source":["shop"],"detail":{"total":[{"numeric":[">",100]}],"customer":{"tier":["gold","silver"]}}}"#,
            state: "ENABLED", eventBusName: "orders"),
        Events.Rule(
            name: "nightly", arn: arn("events", "rule/nightly"), state: "DISABLED",
            scheduleExpression: "cron(0 3 * * ? *)", eventBusName: "default"),
        Events.Rule(
            name: "heartbeat", arn: arn("events", "rule/heartbeat"), state: "ENABLED",
            scheduleExpression: "rate(1 hour)", eventBusName: "default"),
    ]

    static let targets = [
        Events.Target(
            id: "queue", arn: ShopQueues.arn("orders"),
            deadLetterConfig: .init(arn: ShopQueues.arn("orders-dead")),
            retryPolicy: .init(maximumRetryAttempts: 4, maximumEventAgeInSeconds: 3600)),
        Events.Target(
            id: "charge", arn: arn("lambda", "function:charge"),
            inputTransformer: .init(
                inputPathsMap: ["total": "$.detail.total"], inputTemplate: #"{"charge": <total>}"#)),
    ]

    static let schedule = Scheduler.GetScheduleOutput(
        arn: arn("scheduler", "schedule/default/report"), creationDate: .ago(86_400),
        flexibleTimeWindow: .init(maximumWindowInMinutes: 15, mode: "FLEXIBLE"), groupName: "default", name: "report",
        scheduleExpression: "cron(0 9 ? * MON-FRI *)", scheduleExpressionTimezone: "Europe/Berlin", state: "ENABLED",
        target: .init(
            arn: arn("lambda", "function:report"), input: #"{"kind":"daily"}"#,
            roleArn: "arn:aws:iam::123456789012:role/scheduler"))

    static let pipe = Pipes.DescribePipeResponse(
        arn: arn("pipes", "pipe/orders-to-bus"), name: "orders-to-bus", desiredState: "RUNNING",
        currentState: "RUNNING", source: ShopQueues.arn("orders"),
        sourceParameters: .init(
            filterCriteria: .init(filters: [.init(pattern: #"{"body":{"kind":["order"]}}"#)]),
            sqsQueueParameters: .init(batchSize: 5, maximumBatchingWindowInSeconds: 2)),
        enrichment: arn("lambda", "function:price-order"), target: arn("events", "event-bus/orders"),
        targetParameters: .init(
            eventBridgeEventBusParameters: .init(detailType: "order placed", source: "shop")),
        roleArn: "arn:aws:iam::123456789012:role/pipes", creationTime: .ago(7200), lastModifiedTime: .ago(3600))

    static func services() -> CannedServices {
        let services = ShopQueues.services()
        answerEvents(services)
        answerArchives(services)
        services.answer(Scheduler.listSchedules) { _ in .init(schedules: [.init(groupName: "default", name: "report")])
        }
        services.answer(Scheduler.getSchedule) { _ in schedule }
        services.answer(Scheduler.listScheduleGroups) { _ in
            .init(scheduleGroups: [
                .init(creationDate: .ago(864_000), name: "default", state: "ACTIVE"),
                .init(creationDate: .ago(7200), name: "reports", state: "ACTIVE"),
            ])
        }
        services.answer(Pipes.describePipe) { _ in pipe }
        services.answer(Pipes.listPipes) { _ in
            .init(pipes: [
                .init(
                    name: "orders-to-bus", arn: pipe.arn, desiredState: "RUNNING", currentState: "RUNNING",
                    source: pipe.source, target: pipe.target, enrichment: pipe.enrichment)
            ])
        }
        answerTrials(services)
        return services
    }

    private static func answerEvents(_ services: CannedServices) {
        services.answer(Events.listEventBuses) { _ in
            .init(eventBuses: [
                .init(name: "default", arn: arn("events", "event-bus/default")),
                .init(
                    name: "orders", arn: arn("events", "event-bus/orders"), description: "Everything about orders",
                    policy: "{}"),
            ])
        }
        services.answer(Events.describeEventBus) { input in
            .init(
                name: input.name, arn: arn("events", "event-bus/\(input.name ?? "")"),
                description: "Everything about orders", creationTime: .ago(86_400), lastModifiedTime: .ago(3600))
        }
        services.answer(Events.listTagsForResource) { _ in .init(tags: [.init(key: "team", value: "shop")]) }
        services.answer(Events.listRules) { input in
            .init(rules: rules.filter { $0.eventBusName == input.eventBusName })
        }
        services.answer(Events.describeRule) { input in
            guard let rule = rules.first(where: { $0.name == input.name }) else {
                throw AWSError("ResourceNotFoundException", "Rule \(input.name) does not exist.", httpStatus: 400)
            }
            return .init(
                name: rule.name, arn: rule.arn, eventPattern: rule.eventPattern,
                scheduleExpression: rule.scheduleExpression, state: rule.state, eventBusName: rule.eventBusName,
                createdBy: "123456789012")
        }
        services.answer(Events.listTargetsByRule) { _ in .init(targets: targets) }
    }

    private static func answerArchives(_ services: CannedServices) {
        services.answer(Events.listArchives) { _ in
            .init(archives: [
                .init(
                    archiveName: "all-orders", eventSourceArn: arn("events", "event-bus/orders"), state: "ENABLED",
                    retentionDays: 30, sizeBytes: 48_213, eventCount: 1204, creationTime: .ago(86_400))
            ])
        }
        services.answer(Events.listReplays) { _ in
            .init(replays: [
                .init(
                    replayName: "monday", eventSourceArn: arn("events", "archive/all-orders"), state: "RUNNING",
                    eventStartTime: .ago(7200), eventEndTime: .ago(3600), eventLastReplayedTime: .ago(4800),
                    replayStartTime: .ago(30)),
                .init(
                    replayName: "sunday", eventSourceArn: arn("events", "archive/all-orders"), state: "COMPLETED",
                    eventStartTime: .ago(172_800), eventEndTime: .ago(86_400), replayStartTime: .ago(600)),
            ])
        }
        services.answer(Events.listConnections) { _ in
            .init(connections: [
                .init(
                    connectionArn: arn("events", "connection/billing/1111"), name: "billing",
                    connectionState: "AUTHORIZED", authorizationType: "API_KEY", lastAuthorizedTime: .ago(3600)),
                .init(
                    connectionArn: arn("events", "connection/courier/2222"), name: "courier",
                    connectionState: "DEAUTHORIZED", authorizationType: "OAUTH_CLIENT_CREDENTIALS"),
            ])
        }
        services.answer(Events.listApiDestinations) { _ in
            .init(apiDestinations: [
                .init(
                    apiDestinationArn: arn("events", "api-destination/invoices/3333"), name: "invoices",
                    apiDestinationState: "ACTIVE", connectionArn: arn("events", "connection/billing/1111"),
                    invocationEndpoint: "https://billing.example/invoices", httpMethod: "POST",
                    invocationRateLimitPerSecond: 50)
            ])
        }
    }

    /// As the engine would answer for the patterns and expressions of these tests.
    private static func answerTrials(_ services: CannedServices) {
        services.answer(Skua.explainEventPattern) { input in
            guard let pattern = (try? JSONReader.parse(input.pattern))?.object else {
                throw AWSError("ValidationException", "Filter is not an object\n at [Source: …]")
            }
            let found = ["detail.total": "50", "source": #""shop""#, "body.kind": #""order""#]
            let clauses = FilterClause.all(in: pattern).map {
                Skua.PatternClause(
                    path: $0.name, condition: JSONWriter.string($0.condition), holds: $0.name != "detail.total",
                    found: found[$0.name])
            }
            return .init(matches: clauses.allSatisfy(\.holds), clauses: clauses)
        }
        services.answer(Skua.previewSchedule) { input in
            guard input.expression.hasSuffix(")") else {
                throw AWSError("ValidationException", "Invalid Schedule Expression \(input.expression).")
            }
            return .init(times: (1...10).map { .ahead(Double($0) * 86_400 - 21_731) })
        }
        services.answer(Skua.previewTargetInput) { input in
            .init(text: input.inputTemplate == nil ? input.event : #"{"charge": 250}"#)
        }
    }
}
