import AWSModel
import AWSTypes
import Testing

@testable import Emulation

/// GetMetricData with expressions.
@Suite struct MetricMathTests {
    private let engine: TestEngine

    init() throws {
        engine = try TestEngine(services: [CloudWatchService.init])
        // Oldest first, a minute apart; nil leaves the minute out.
        try put("Orders", [10, 20, nil, 40], shop: "a")
        try put("Orders", [1, 2, 3, 4], shop: "b")
        try put("Errors", [1, 0, 3, 4], shop: "a")
    }

    private func put(_ name: String, _ values: [Double?], shop: String) throws {
        let now = engine.core.now
        let data = values.enumerated().compactMap { index, value in
            value.map {
                CloudWatch.MetricDatum(
                    metricName: name, dimensions: [CloudWatch.Dimension(name: "Shop", value: shop)],
                    timestamp: now - .seconds((values.count - index) * 60), value: $0)
            }
        }
        try engine.call(CloudWatch.putMetricData, CloudWatch.PutMetricDataInput(namespace: "Shop", metricData: data))
    }

    private func stat(_ id: String, _ name: String, _ shop: String) -> CloudWatch.MetricDataQuery {
        CloudWatch.MetricDataQuery(
            id: id,
            metricStat: CloudWatch.MetricStat(
                metric: CloudWatch.Metric(
                    namespace: "Shop", metricName: name, dimensions: [CloudWatch.Dimension(name: "Shop", value: shop)]),
                period: 60, stat: "Sum"), returnData: false)
    }

    private func input(_ expression: String, label: String? = nil) -> CloudWatch.GetMetricDataInput {
        let now = engine.core.now
        return CloudWatch.GetMetricDataInput(
            metricDataQueries: [
                stat("a", "Orders", "a"), stat("b", "Orders", "b"), stat("errors", "Errors", "a"),
                CloudWatch.MetricDataQuery(id: "e", expression: expression, label: label),
            ], startTime: now - .seconds(240), endTime: now, scanBy: "TimestampAscending")
    }

    private func results(_ expression: String, label: String? = nil) throws -> [CloudWatch.MetricDataResult] {
        try engine.call(CloudWatch.getMetricData, input(expression, label: label)).metricDataResults ?? []
    }

    private func values(_ expression: String) throws -> [Double] { try results(expression).first?.values ?? [] }

    static let cases: [(String, [Double])] = [
        ("a + b", [11.0, 22, 44]), ("a * 2 ^ 2", [40, 80, 160]), ("-(a - 10) / 10", [0, -1, -3]),
        ("b / errors", [1, 1, 1]), ("b >= 2 && b < 4", [0, 1, 1, 0]), ("b == 1 OR b == 4", [1, 0, 0, 1]),
        ("FILL(a, 0)", [10, 20, 0, 40]), ("FILL(a, REPEAT)", [10, 20, 20, 40]), ("FILL(a, LINEAR)", [10, 20, 30, 40]),
        ("FILL(a, b)", [10, 20, 3, 40]), ("DIFF(a)", [10, 20]), ("RATE(a)", [10.0 / 60, 20.0 / 120]),
        ("DIFF_TIME(a)", [60, 120]), ("RUNNING_SUM(b)", [1, 3, 6, 10]), ("b / PERIOD(b) * 60", [1, 2, 3, 4]),
        ("IF(b > 2, b, 0)", [0, 0, 3, 4]), ("IF(b > 2, b)", [3, 4]), ("b - AVG(b)", [-1.5, -0.5, 0.5, 1.5]),
        ("SUM([a, b])", [11, 22, 3, 44]), ("MAX(METRICS(\"a\"))", [10, 20, 40]), ("SUM(METRICS())", [12, 22, 6, 48]),
        ("TIME_SERIES(MAX(b))", [4, 4, 4, 4]), ("CEIL(b / 2)", [1, 1, 2, 2]), ("FLOOR(b / 2)", [0, 1, 1, 2]),
        ("ABS(b - 3)", [2, 1, 0, 1]), ("EXP(b - b)", [1, 1, 1, 1]), ("LOG(EXP(b - b))", [0, 0, 0, 0]),
        ("b * DATAPOINT_COUNT(a)", [3, 6, 9, 12]), ("FIRST(SORT(METRICS(), SUM, DESC))", [10, 20, 40]),
        ("MIN(SLICE(METRICS(), 1, 2))", [1, 2, 3, 4]), ("b * 0 + HOUR(b)", [23, 23, 23, 23]),
        ("YEAR(b)", [2025, 2025, 2025, 2025]), ("DAY(b)", [3, 3, 3, 3]), ("STDDEV([a, b])", [4.5, 9, 0, 18]),
    ]

    @Test(arguments: cases) func `an expression comes to`(_ expression: String, _ expected: [Double]) throws {
        #expect(try values(expression) == expected)
    }

    @Test(arguments: [
        ("a +", "Error in expression 'e': Invalid syntax"), ("AVG(a)", "Should return a time series"),
        ("METRICS() + METRICS()", "Unsupported operand type(s) for +: '[Array[TimeSeries], Array[TimeSeries]]'"),
        ("NOSUCH(a)", "Unknown function NOSUCH"), ("z * 2", "Unresolved identifier z"), ("e + 1", "Circular reference"),
        ("ANOMALY_DETECTION_BAND(a, 0)", "Invalid arguments of function ANOMALY_DETECTION_BAND"),
    ]) func `a bad expression says what is wrong`(_ expression: String, _ message: String) {
        let error = engine.error(CloudWatch.getMetricData, input(expression))
        #expect(error?.code == "ValidationError")
        #expect(error?.message.contains(message) == true, "\(error?.message ?? "no error")")
    }

    @Test func `a search gives one result a line`() throws {
        let found = try results("SEARCH('{Shop,Shop} MetricName=\"Orders\"', 'Sum', 60)", label: "n")
        #expect(found.map(\.id) == ["e", "e"])
        #expect(found.map(\.label) == ["n a", "n b"])
        #expect(found.map(\.values) == [[10, 20, 40], [1, 2, 3, 4]])
        #expect(try results("SEARCH('{Shop,Shop} errors', 'Sum', 60)").map(\.label) == ["a"])
        #expect(try results("SEARCH('{Shop,Shop} NOT Errors Shop=b', 'Sum', 60)").count == 1)
        #expect(try results("SEARCH('{Shop} Orders', 'Sum', 60)").isEmpty)
        #expect(try values("SUM(SEARCH('Namespace=Shop (Orders OR Errors)', 'Sum', 60))") == [12, 22, 6, 48])
    }

    @Test func `labels have dynamic parts`() throws {
        #expect(try results("b", label: "max ${MAX} of ${DATAPOINT_COUNT}").first?.label == "max 4 of 4")
        #expect(
            try results("SEARCH('{Shop,Shop} Errors', 'Sum', 60)", label: "${PROP('Dim.Shop')}: ${LAST}").map(\.label)
                == ["a: 4"])
    }
}
