import AWSModel

/// One finding of the validator, as ValidateStateMachineDefinition lists it.
public struct Diagnostic: Sendable, Hashable {
    public enum Code: String, Sendable, Hashable {
        case schemaValidationFailed = "SCHEMA_VALIDATION_FAILED"
        case invalidJSONDescription = "INVALID_JSON_DESCRIPTION"
        case missingTransitionTarget = "MISSING_TRANSITION_TARGET"
        case missingEndState = "MISSING_END_STATE"
        case duplicateStateName = "DUPLICATE_STATE_NAME"
        case invalidStateName = "INVALID_STATE_NAME"
        case duplicateLabelName = "DUPLICATE_LABEL_NAME"
        case invalidLabelName = "INVALID_LABEL_NAME"
        case tooDeeplyNested = "TOO_DEEPLY_NESTED"
        case invalidJSONataExpression = "INVALID_JSONATA_EXPRESSION"
        case unsupportedJSONataExpression = "UNSUPPORTED_JSONATA_EXPRESSION"
        // Warnings.
        case noDollar = "NO_DOLLAR"
        case noPath = "NO_PATH"
        case passResultIsStatic = "PASS_RESULT_IS_STATIC"
        /// Skua's own: the definition is valid, but uses something that Skua cannot run yet.
        case notImplemented = "NOT_IMPLEMENTED"
    }

    public enum Severity: String, Sendable, Hashable {
        /// A machine with it can be neither created nor updated.
        case error = "ERROR"
        case warning = "WARNING"
    }

    public var code: Code
    public var message: String
    /// `/States/X/Next`; nil where AWS gives none.
    public var location: String?
    /// What may have been meant, for people; no part of what AWS says.
    public var hint: String?
    /// Where the text is no JSON: the line and column, counted from 1.
    public var place: TextPlace?

    public init(_ code: Code, _ message: String, at location: String?, hint: String? = nil) {
        self.code = code
        self.message = message
        self.location = location
        self.hint = hint
    }

    public var severity: Severity {
        switch code {
        case .noDollar, .noPath, .passResultIsStatic: .warning
        default: .error
        }
    }

    /// AWS: as CreateStateMachine puts it into its message.
    public var sentence: String { "\(code.rawValue): \(message) at \(location ?? "null")" }

    /// The findings for a text that is no JSON. AWS: Jackson's words.
    static func syntax(_ error: JSONSyntaxError, in source: String) -> Diagnostic {
        let text = JacksonSyntaxMessage(error, in: source)
        let location =
            "[Source: (String)\"\(source)\"; line: \(error.line), column: \(error.column + text.columnsRead)]"
        var diagnostic = Diagnostic(.invalidJSONDescription, "\(text.message)\n at \(location)", at: location)
        diagnostic.place = TextPlace(line: error.line, column: error.column)
        diagnostic.hint = text.hint
        return diagnostic
    }
}

/// A line and a column, both counted from 1.
public struct TextPlace: Sendable, Hashable {
    public var line: Int
    public var column: Int

    public init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }
}

/// What came of reading a definition.
public struct ParsedDefinition: Sendable {
    /// Nil where there is any error.
    public let definition: StateMachineDefinition?
    /// The errors.
    public let diagnostics: [Diagnostic]
    /// What is valid and probably not meant.
    public let warnings: [Diagnostic]

    init(definition: StateMachineDefinition?, diagnostics: [Diagnostic], warnings: [Diagnostic] = []) {
        self.definition = definition
        self.diagnostics = diagnostics
        self.warnings = warnings
    }

    /// The findings of at least a severity, errors first.
    public func findings(from severity: Diagnostic.Severity) -> [Diagnostic] {
        severity == .error ? diagnostics : diagnostics + warnings
    }

    /// AWS: the message of InvalidDefinition.
    public var errorMessage: String {
        "Invalid State Machine Definition: '\(diagnostics.map(\.sentence).joined(separator: ", "))'"
    }
}

public enum StateMachineType: String, Sendable, Hashable {
    case standard = "STANDARD"
    case express = "EXPRESS"
}

extension StateMachineDefinition {
    /// Reads and validates a definition. Never fails: what is wrong is listed.
    public static func parse(_ source: String, type: StateMachineType = .standard) -> ParsedDefinition {
        let value: DocumentValue
        do throws(JSONSyntaxError) {
            if source.allSatisfy(\.isWhitespace) {
                return ParsedDefinition(
                    definition: nil,
                    diagnostics: [
                        Diagnostic(.schemaValidationFailed, "Definition must be a valid JSON object", at: nil)
                    ])
            }
            value = try JSONReader.parse(source)
        } catch {
            return ParsedDefinition(definition: nil, diagnostics: [.syntax(error, in: source)])
        }
        guard case .object(let document) = value else {
            return ParsedDefinition(
                definition: nil,
                diagnostics: [Diagnostic(.schemaValidationFailed, "Definition must be a valid JSON object", at: nil)])
        }
        var parser = DefinitionParser(source: source, type: type)
        return parser.parse(document)
    }
}
