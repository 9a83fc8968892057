import ArgumentParser
import DefinitionText
import Foundation
import StatesLanguage

struct ValidateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate", abstract: "Check state machine definitions, in JSON or YAML.",
        discussion: """
            Prints each finding as FILE:LINE:COLUMN, with AWS's code and words, and a hint where there is one. Values \
            still to be filled in (${Name}) are let pass. Ends with 1 where a file has an error; warnings alone end \
            with 0.
            """)

    @Argument(help: "Files; - is the standard input.")
    var files: [String]

    @Option(name: .long, help: "STANDARD or EXPRESS.")
    var type = "STANDARD"

    @Flag(name: .long, help: "Leave warnings out.")
    var errorsOnly = false

    func validate() throws {
        guard StateMachineType(rawValue: type) != nil else {
            throw ValidationError("--type takes STANDARD or EXPRESS.")
        }
        guard !files.isEmpty else { throw ValidationError("Name a file, or - for the standard input.") }
    }

    func run() async throws {
        try await ending {
            var failed = 0
            for file in files where try hasErrors(file) { failed += 1 }
            if failed > 0 { throw ExitCode(Failure.Code.failed.rawValue) }
        }
    }

    private func hasErrors(_ file: String) throws -> Bool {
        let source = try read(file)
        let text: DefinitionText
        do throws(DefinitionTextError) {
            text = try DefinitionText(source, format: DefinitionText.format(ofFile: file, text: source))
        } catch {
            StandardOutput.write("\(file):\(error.line ?? 1):\(error.column ?? 1): error: \(error.message)")
            return true
        }
        let parsed = StateMachineDefinition.parse(text.json, type: StateMachineType(rawValue: type) ?? .standard)
        var errors = 0
        let findings = parsed.findings(from: errorsOnly ? .error : .warning)
        for finding in findings where finding.location.map(text.isPlaceholder(at:)) != true {
            if finding.severity == .error { errors += 1 }
            StandardOutput.write(line(finding, file, text))
            if let hint = finding.hint { StandardOutput.write("    \(hint)") }
        }
        if errors == 0 { StandardOutput.write("\(file): valid") }
        return errors > 0
    }

    private func line(_ finding: Diagnostic, _ file: String, _ text: DefinitionText) -> String {
        let severity = finding.severity == .error ? "error" : "warning"
        if let place = finding.place {
            // AWS's message cites the whole text.
            let message = finding.message.prefix { $0 != "\n" }
            return "\(file):\(place.line):\(place.column): \(severity): \(finding.code.rawValue): \(message)"
        }
        let place = finding.location.flatMap(text.place(of:)) ?? (1, 1)
        let suffix = finding.location.map { " at \($0)" } ?? ""
        return
            "\(file):\(place.line):\(place.column): \(severity): \(finding.code.rawValue): \(finding.message)\(suffix)"
    }

    private func read(_ file: String) throws -> String {
        let data: Data
        if file == "-" {
            data = FileHandle.standardInput.readDataToEndOfFile()
        } else {
            guard let contents = FileManager.default.contents(atPath: file) else {
                throw Failure("\(file) cannot be read.", .cannotOpen)
            }
            data = contents
        }
        guard let text = String(data: data, encoding: .utf8) else { throw Failure("\(file) is no UTF-8.", .failed) }
        return text
    }
}
