import Foundation
import Testing

/// The architecture's own test: which module may import which, and what may not be written where.
@Suite struct TidyTests {
    /// What each module may import of ours. Arrows point down only.
    static let allowed: [String: Set<String>] = [
        "AWSModel": [],
        "AWSTypes": ["AWSModel"],
        "AWSProtocols": ["AWSModel"],
        "AWSClient": ["AWSModel", "AWSProtocols", "AWSTypes"],
        "ModelCompiler": ["AWSModel"],
        "JSONata": ["AWSModel"],
        "StatesLanguage": ["AWSModel", "JSONata"],
        "DefinitionText": ["AWSModel"],
        "Emulation": ["AWSModel", "AWSTypes", "StatesLanguage"],
        "Runtimes": ["CSandbox", "Emulation"],
        "Gateway": ["AWSModel", "AWSProtocols", "AWSTypes", "Emulation"],
        "GraphLayout": [],
        "TerminalUI": [],
        "CursesDriver": ["CNcurses", "TerminalUI"],
        "Views": ["AWSClient", "AWSModel", "AWSTypes", "DefinitionText", "GraphLayout", "TerminalUI"],
        "ConsoleApp": [
            "AWSClient", "AWSModel", "AWSProtocols", "AWSTypes", "CursesDriver", "DefinitionText", "Emulation",
            "Gateway", "Runtimes", "StatesLanguage", "TerminalUI", "Views",
        ],
    ]

    static let sources = SourceTree.files(below: "Sources")

    @Test func thereAreSources() { #expect(Self.sources.count > 100) }

    @Test func modulesImportOnlyWhatIsBelowThem() {
        let ours = Set(Self.allowed.keys).union(["CNcurses", "CSandbox"])
        for file in Self.sources {
            guard let allowed = Self.allowed[file.module] else {
                Issue.record("\(file.path) is in a module the architecture does not know")
                continue
            }
            for name in file.imports where ours.contains(name) && name != file.module {
                #expect(allowed.contains(name), "\(file.path) imports \(name)")
            }
        }
    }

    /// Time, chance and identifiers come from the engine, so that every test and every replay sees the same.
    @Test func theEngineReadsNoClockAndThrowsNoDice() {
        let banned = [
            "Date()", "Date.now", "UUID()", ".random(", "Task.sleep", "usleep(", "arc4random", "gettimeofday",
            "clock_gettime",
        ]
        for file in Self.sources where ["Emulation", "JSONata", "StatesLanguage"].contains(file.module) {
            for (number, line) in file.lines.enumerated() where !Self.isComment(line) {
                // A generator that was passed in is no dice.
                for word in banned where line.contains(word) && !line.contains("using:") {
                    Issue.record("\(file.path):\(number + 1) uses \(word)")
                }
            }
        }
    }

    @Test func nothingIsForced() {
        for file in Self.sources where !file.isGenerated {
            for (number, line) in file.lines.enumerated() where !Self.isComment(line) {
                let isForced = line.contains("try! ") || line.contains(" as! ") || line.contains("fatalError(")
                if isForced { Issue.record("\(file.path):\(number + 1): \(line.trimmingCharacters(in: .whitespaces))") }
            }
        }
    }

    @Test func uncheckedSendableSaysWhyItIsSafe() {
        for file in Self.sources {
            for (number, line) in file.lines.enumerated() where line.contains("@unchecked Sendable") {
                let before = file.lines[max(0, number - 6)..<number]
                let explains = line.contains("//") || before.contains { Self.isComment($0) }
                #expect(explains, "\(file.path):\(number + 1) does not say why it is safe")
            }
        }
    }

    @Test func noPromisesAreLeftInTheSources() {
        let promises = ["TO" + "DO", "FIX" + "ME", "XX" + "X:"]
        for file in Self.sources where !file.isGenerated {
            for (number, line) in file.lines.enumerated() where promises.contains(where: line.contains) {
                Issue.record("\(file.path):\(number + 1): \(line)")
            }
        }
    }

    @Test func filesHoldOneIdea() {
        let longest = 450
        for file in Self.sources where !file.isGenerated {
            #expect(file.lines.count <= longest, "\(file.path) has \(file.lines.count) lines")
        }
    }

    static func isComment(_ line: String) -> Bool {
        let trimmed = line.drop { $0 == " " || $0 == "\t" }
        return trimmed.hasPrefix("//") || trimmed.hasPrefix("*") || trimmed.hasPrefix("/*")
    }
}
