import AWSModel
import Glibc
import GraphLayout
import Testing

@testable import Views

/// Histories recorded on AWS, and state machines AWS publishes, where they are at hand.
@Suite struct RecordedExecutionTests {
    private static let folder: String = {
        let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(4).joined(separator: "/")
        return root + "/../shared/conformance"
    }()

    private func files(_ name: String) -> [String] {
        guard let directory = opendir("\(Self.folder)/\(name)") else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name.hasSuffix(".json") { names.append(name) }
        }
        return names.sorted().map { "\(Self.folder)/\(name)/\($0)" }
    }

    private func read(_ path: String) -> String? {
        guard let file = fopen(path, "r") else { return nil }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = fread(&chunk, 1, chunk.count, file)
            if count == 0 { break }
            bytes += chunk[..<count]
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The events of a case, if it recorded them whole and in order.
    private func events(_ text: String) -> [TraceEvent]? {
        guard let list = (try? JSONReader.parse(text))?["expect"]?["events"]?.list else { return nil }
        var events: [TraceEvent] = []
        for value in list {
            guard let event = value.object, let id = event.integer("id"), id == events.count + 1,
                let type = event.string("type")
            else { return nil }
            let details = event.first { $0.0.hasSuffix("EventDetails") }?.1.object ?? DocumentObject()
            events.append(
                TraceEvent(
                    id: id, previous: event.integer("previousEventId") ?? 0, type: type,
                    time: Instant(epochMilliseconds: Int64(id)), details: details))
        }
        return events
    }

    @Test func everyRecordedHistoryIsUnderstood() {
        var count = 0
        for path in files("asl") + files("asl-services") {
            guard let text = read(path), let events = events(text), let last = events.last else { continue }
            count += 1
            let trace = ExecutionTrace(events)
            #expect(trace.visits.count == events.count { $0.type.hasSuffix("StateEntered") }, "\(path)")
            guard last.type.hasPrefix("Execution"), last.type != "ExecutionStarted" else { continue }
            #expect(!trace.status.isOpen, "\(path)")
            #expect(trace.visits.allSatisfy { !$0.status.isOpen }, "\(path)")
            for event in events where event.type.hasSuffix("StateExited") {
                #expect(trace.visit(ofEvent: event.id)?.name == event.name, "\(path) event \(event.id)")
            }
            let entered = Dictionary(grouping: events.filter { $0.type.hasSuffix("StateExited") }) { $0.name ?? "" }
            for (name, exits) in entered {
                #expect(
                    trace.visits.count { $0.name == name && ($0.status == .succeeded || $0.status == .caught) }
                        == exits.count, "\(path): \(name)")
            }
            if last.type == "ExecutionFailed", !trace.visits.isEmpty { #expect(trace.fatalVisit != nil, "\(path)") }
        }
        print("recorded histories: \(count)\(count == 0 ? ", skipped: they are not here" : "")")
    }

    @Test func everyPublishedMachineIsDrawn() throws {
        var count = 0
        for path in files("machines") {
            guard let text = read(path), let definition = try? StateMachineDefinition(text) else { continue }
            count += 1
            let drawing = StateMachineDrawing(definition: definition).graph.drawing(
                GraphLayoutOptions(density: .oneRow))
            #expect(drawing.unresolvedEdges.isEmpty, "\(path)")
            // Every state has its box, in or out of frames.
            for state in definition.allStates { #expect(drawing.node(state.name) != nil, "\(path): \(state.name)") }
        }
        print("published machines: \(count)\(count == 0 ? ", skipped: they are not here" : "")")
    }
}
