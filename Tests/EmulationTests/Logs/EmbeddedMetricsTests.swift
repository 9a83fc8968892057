import AWSModel
import AWSTypes
import Testing

@testable import Emulation

@Suite struct EmbeddedMetricsTests {
    private let engine: TestEngine

    init() throws { engine = try TestEngine(services: [CloudWatchService.init, LogsService.init]) }

    private func log(_ message: String) {
        engine.core.telemetry.log(message, group: "/aws/lambda/f", stream: "s", scope: engine.caller.scope)
        engine.commit()
    }

    private func sum(_ name: String, _ dimensions: [CloudWatch.Dimension]) throws -> [Double?] {
        let now = engine.core.now
        let output = try engine.call(
            CloudWatch.getMetricStatistics,
            CloudWatch.GetMetricStatisticsInput(
                namespace: "Shop", metricName: name, dimensions: dimensions, startTime: now - .seconds(3600),
                endTime: now + .seconds(60), period: 60, statistics: ["Sum"]))
        return (output.datapoints ?? []).map(\.sum)
    }

    @Test func linesBecomeMetricsInEverySetOfDimensions() throws {
        let time = engine.core.now.epochMilliseconds
        log(
            """
            {"_aws":{"Timestamp":\(time),"CloudWatchMetrics":[{"Namespace":"Shop","Dimensions":[["city"],["city","kind"],["none"]],\
            "Metrics":[{"Name":"orders","Unit":"Count"},{"Name":"missing"}]}]},"city":"Ulm","kind":"web","orders":[1,2,4]}
            """)
        let city = CloudWatch.Dimension(name: "city", value: "Ulm")
        #expect(try sum("orders", [city]) == [7])
        #expect(try sum("orders", [city, CloudWatch.Dimension(name: "kind", value: "web")]) == [7])
        #expect(try sum("orders", []).isEmpty)
        let listed = try engine.call(CloudWatch.listMetrics, CloudWatch.ListMetricsInput(namespace: "Shop"))
        #expect(listed.metrics?.count == 2)
    }

    @Test func otherLinesDoNot() throws {
        log("plain text")
        log(#"{"note":"\"CloudWatchMetrics\" is only mentioned"}"#)
        log(
            #"{"_aws":{"Timestamp":1000,"CloudWatchMetrics":[{"Namespace":"Shop","Metrics":[{"Name":"old"}]}]},"old":1}"#
        )
        #expect(try engine.call(CloudWatch.listMetrics, CloudWatch.ListMetricsInput(namespace: "Shop")).metrics == [])
    }
}
