import AWSModel
import Foundation

/// One case that was recorded on AWS.
struct RecordedCase {
    let id: String
    let document: DocumentObject

    var kind: String { document.string("kind") ?? "" }
    var expect: DocumentObject { document.object("expect") ?? [:] }
    var definitionText: String {
        document.string("definition_raw") ?? document["definition"].map { JSONWriter.string($0) } ?? ""
    }
    var inputText: String? { document.string("input_raw") ?? document["input"].map { JSONWriter.string($0) } }
    var type: String { document.string("type") ?? "STANDARD" }
    var comparesInOrder: Bool { document.object("compare")?.bool("ordered_events") ?? true }
    var ignoredEventTypes: Set<String> { Set(document.object("compare")?.strings("ignore_event_types") ?? []) }
    var matcher: RecordedMatcher {
        RecordedMatcher(placeholders: document.object("compare")?.strings("placeholders") ?? [])
    }

    /// The first words of the name: what the case is about.
    var family: String { id.split(separator: "_").prefix(2).joined(separator: "_") }

    static let folder: URL = {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("shared/conformance")
    }()

    static func read(_ name: String) -> [RecordedCase] {
        let folder = folder.appendingPathComponent(name)
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return files.filter { $0.hasSuffix(".json") && !$0.hasPrefix("_") }.sorted().compactMap { file in
            guard let data = try? Data(contentsOf: folder.appendingPathComponent(file)),
                let document = try? JSONReader.parse(Array(data)).object
            else { return nil }
            return RecordedCase(id: String(file.dropLast(5)), document: document)
        }
    }

    static func readLines(_ name: String) -> [DocumentObject] {
        guard let text = try? String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8) else {
            return []
        }
        return text.split(separator: "\n").compactMap { try? JSONReader.parse(String($0)).object }
    }
}
