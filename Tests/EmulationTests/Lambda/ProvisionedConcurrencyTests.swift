import AWSModel
import AWSTypes
import Testing

@testable import Emulation

@Suite struct ProvisionedConcurrencyTests {
    private let bench: LambdaBench
    private let journal: Journal

    init() throws {
        journal = try Journal(path: nil)
        bench = try LambdaBench(journal: journal)
        try bench.createFunction(publish: true)
        _ = try bench.call(
            Lambda.createAlias, Lambda.CreateAliasRequest(functionName: "worker", name: "live", functionVersion: "1"))
    }

    private func put(_ count: Int, on qualifier: String) -> ServiceError? {
        bench.error(
            Lambda.putProvisionedConcurrencyConfig,
            Lambda.PutProvisionedConcurrencyConfigRequest(
                functionName: "worker", qualifier: qualifier, provisionedConcurrentExecutions: count))
    }

    private func config(_ bench: LambdaBench? = nil) throws -> Lambda.GetProvisionedConcurrencyConfigResponse {
        try (bench ?? self.bench).call(
            Lambda.getProvisionedConcurrencyConfig,
            Lambda.GetProvisionedConcurrencyConfigRequest(functionName: "worker", qualifier: "live"))
    }

    private func invoke(_ qualifier: String = "live") -> TestEngine.Pending<Lambda.InvocationResponse> {
        bench.begin(Lambda.invoke, Lambda.InvocationRequest(functionName: "worker", qualifier: qualifier))
    }

    private func sum(_ name: String) -> Double {
        let end = bench.engine.core.now + .seconds(60)
        let answer = try? bench.call(
            CloudWatch.getMetricStatistics,
            CloudWatch.GetMetricStatisticsInput(
                namespace: "AWS/Lambda", metricName: name,
                dimensions: [CloudWatch.Dimension(name: "FunctionName", value: "worker")],
                startTime: bench.engine.core.now - .seconds(600), endTime: end, period: 60, statistics: ["Sum"]))
        return (answer?.datapoints ?? []).reduce(0) { $0 + ($1.sum ?? 0) }
    }

    @Test func environmentsAreStartedAndThenReady() throws {
        #expect(put(2, on: "live") == nil)
        #expect(try config().status == "IN_PROGRESS")
        #expect(bench.warming.count == 2)
        #expect(bench.warming.allSatisfy { $0.environment.initializationType == .provisionedConcurrency })
        bench.warmUp()
        let ready = try config()
        #expect(ready.status == "READY" && ready.availableProvisionedConcurrentExecutions == 2)
        let second = try LambdaBench(journal: journal, directory: bench.engine.directory)
        #expect(try config(second).status == "IN_PROGRESS", "processes do not survive, the wish for them does")
        #expect(second.warming.count == 2)
    }

    @Test func onlyPublishedVersionsAndTheirAliases() {
        #expect(
            put(1, on: "$LATEST")?.message
                == "Provisioned Concurrency Configs cannot be applied to unpublished function versions.")
        #expect(put(1, on: "nobody")?.code == "ResourceNotFoundException")
        #expect(put(1, on: "live") == nil)
        #expect(put(1, on: "1")?.message == "Version is pointed by a Provisioned Concurrency alias")
        #expect(put(950, on: "live")?.message.contains("below its minimum value of [100]") == true)
        let reserved = bench.error(
            Lambda.putFunctionConcurrency,
            Lambda.PutFunctionConcurrencyRequest(functionName: "worker", reservedConcurrentExecutions: 0))
        #expect(
            reserved?.message
                == " ReservedConcurrentExecutions  0 should not be lower than function's total provisioned concurrency [1]."
        )
        let missing = bench.error(
            Lambda.getProvisionedConcurrencyConfig,
            Lambda.GetProvisionedConcurrencyConfigRequest(functionName: "worker", qualifier: "1"))
        #expect(missing?.code == "ProvisionedConcurrencyConfigNotFoundException")
    }

    @Test func whatFindsNoneFreeSpillsOver() throws {
        #expect(put(1, on: "live") == nil)
        bench.warmUp()
        let first = invoke()
        let second = invoke()
        #expect(bench.orders.count == 2)
        bench.end()
        bench.end()
        #expect(first.result != nil && second.result != nil)
        #expect(sum("ProvisionedConcurrencyInvocations") == 1)
        #expect(sum("ProvisionedConcurrencySpilloverInvocations") == 1)
    }

    @Test func whatEndsIsReplacedAndWhatCannotStartFails() throws {
        #expect(put(1, on: "live") == nil)
        let identity = bench.warming[0].identity
        let id = bench.warming[0].id
        bench.warmUp()
        bench.engine.report(id, .runtime(.environmentEnded(environmentID: identity.id, reason: .timeout)))
        bench.collect()
        #expect(bench.warming.count == 1)
        bench.warmUp(failing: true)
        let failed = try config()
        #expect(failed.status == "FAILED" && failed.statusReason == "FUNCTION_ERROR_INIT_FAILURE")
        #expect(bench.warming.isEmpty)
    }

    @Test func anAliasThatMovesTakesItAlong() throws {
        #expect(put(1, on: "live") == nil)
        bench.warmUp()
        _ = try bench.call(
            Lambda.updateFunctionConfiguration,
            Lambda.UpdateFunctionConfigurationRequest(functionName: "worker", timeout: 9))
        _ = try bench.call(Lambda.publishVersion, Lambda.PublishVersionRequest(functionName: "worker"))
        _ = try bench.call(
            Lambda.updateAlias, Lambda.UpdateAliasRequest(functionName: "worker", name: "live", functionVersion: "2"))
        #expect(bench.warming.map(\.environment.version) == ["2"])
        #expect(try config().status == "IN_PROGRESS")
        bench.warmUp()
        #expect(try config().status == "READY")
        _ = try bench.call(
            Lambda.deleteProvisionedConcurrencyConfig,
            Lambda.DeleteProvisionedConcurrencyConfigRequest(functionName: "worker", qualifier: "live"))
        let listed = try bench.call(
            Lambda.listProvisionedConcurrencyConfigs,
            Lambda.ListProvisionedConcurrencyConfigsRequest(functionName: "worker"))
        #expect(listed.provisionedConcurrencyConfigs?.isEmpty == true)
    }
}
