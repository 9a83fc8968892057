import AWSClient
import AWSModel
import AWSTypes

/// What a target would get of an event, as the engine's own transformer makes it.
enum TargetPreview {
    struct Query: Sendable, Hashable {
        var event: String
        var target: Events.Target
        var rule: String
        var bus: String

        /// Of a sample that has the rule's own source and type where its pattern names them.
        init(_ target: Events.Target, rule: RuleReading) {
            self.target = target
            self.rule = rule.name
            bus = rule.bus
            event = Self.sample(for: rule)
        }

        private static func sample(for rule: RuleReading) -> String {
            let samples = SampleEvent.all(.event)
            if rule.schedule != nil { return samples.first { $0.id == "schedule" }?.text ?? samples[0].text }
            let pattern = (try? JSONReader.parse(rule.pattern ?? ""))?.object
            let source = pattern?["source"]?.list?.first?.string
            let known = samples.first { $0.detail == source } ?? samples[0]
            guard var event = (try? JSONReader.parse(known.text))?.object else { return known.text }
            if let source { event["source"] = .string(source) }
            if let type = pattern?["detail-type"]?.list?.first?.string { event["detail-type"] = .string(type) }
            return JSONWriter.string(.object(event))
        }
    }

    static func read(_ query: Query, _ context: ConsoleContext) async throws(AWSError) -> String {
        let target = query.target
        return try await context.aws.call(
            Skua.previewTargetInput,
            .init(
                event: query.event, input: target.input, inputPath: target.inputPath,
                inputTemplate: target.inputTransformer?.inputTemplate,
                inputPathsMap: target.inputTransformer?.inputPathsMap, ruleName: query.rule, eventBusName: query.bus)
        ).text
    }
}
