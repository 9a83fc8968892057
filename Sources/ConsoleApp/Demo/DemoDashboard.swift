import AWSClient
import AWSTypes

/// What an operator of the demo shop would have made: a dashboard, and queries worth keeping.
extension DemoWorld {
    func makeDashboard() async throws {
        _ = try await client.call(
            CloudWatch.putDashboard,
            CloudWatch.PutDashboardInput(dashboardName: "order-pipeline", dashboardBody: Self.body))
        for (name, query) in Self.queries {
            _ = try await client.call(
                Logs.putQueryDefinition,
                Logs.PutQueryDefinitionRequest(
                    name: name, logGroupNames: ["/aws/lambda/receive-order", "/aws/lambda/charge-card"],
                    queryString: query))
        }
    }

    private static let queries = [
        (
            "errors, newest first",
            "fields @timestamp, @logStream, @message\n| filter @message like /ERROR/\n| sort @timestamp desc\n| limit 50"
        ),
        (
            "slowest invocations",
            "filter @type = \"REPORT\"\n| fields @requestId, @duration, @billedDuration, @maxMemoryUsed / 1000 / 1000 as MB\n| sort @duration desc\n| limit 20"
        ),
        (
            "latency by minute",
            "filter @type = \"REPORT\"\n| stats avg(@duration), pct(@duration, 95), max(@duration) by bin(1m)"
        ),
    ]

    private static let body = ##"""
        {"widgets": [
          {"type": "text", "x": 0, "y": 0, "width": 24, "height": 2, "properties": {
            "markdown": "# Order pipeline\nOrders wait in *orders*, are received, priced, charged and reserved; what fails three times ends in *orders-dead*."}},
          {"type": "metric", "x": 0, "y": 2, "width": 12, "height": 6, "properties": {
            "title": "Function calls and failures", "stat": "Sum", "period": 60,
            "metrics": [["AWS/Lambda", "Invocations", "FunctionName", "receive-order", {"label": "received"}],
              [".", "Errors", ".", ".", {"label": "failed"}],
              ["...", "charge-card", {"label": "charges failed"}]]}},
          {"type": "metric", "x": 12, "y": 2, "width": 12, "height": 6, "properties": {
            "title": "Latency of receive-order, ms", "period": 60,
            "metrics": [["AWS/Lambda", "Duration", "FunctionName", "receive-order", {"stat": "p50", "label": "p50"}],
              ["...", {"stat": "p90", "label": "p90"}], ["...", {"stat": "p99", "label": "p99"}]],
            "annotations": {"horizontal": [{"label": "slow", "value": 500}]}}},
          {"type": "metric", "x": 0, "y": 8, "width": 12, "height": 3, "properties": {
            "title": "Waiting now", "view": "singleValue", "stat": "Maximum", "period": 60,
            "metrics": [["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", "orders", {"label": "orders"}],
              ["...", "orders-dead", {"label": "dead letters"}], ["...", "returns", {"label": "returns"}]]}},
          {"type": "metric", "x": 12, "y": 8, "width": 12, "height": 3, "properties": {
            "title": "Executions", "view": "bar", "stat": "Sum", "period": 3600,
            "metrics": [[{"expression": "SEARCH('{AWS/States,StateMachineArn} MetricName=\"ExecutionsSucceeded\"', 'Sum', 3600)", "label": "succeeded", "id": "e1"}],
              [{"expression": "SEARCH('{AWS/States,StateMachineArn} MetricName=\"ExecutionsFailed\"', 'Sum', 3600)", "label": "failed", "id": "e2"}]]}},
          {"type": "log", "x": 0, "y": 11, "width": 24, "height": 6, "properties": {
            "title": "Latest errors", "view": "table",
            "query": "SOURCE '/aws/lambda/receive-order' | fields @timestamp, @message | filter @message like /ERROR/ | sort @timestamp desc | limit 20"}}
        ]}
        """##
}
