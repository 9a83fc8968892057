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
        let text = JacksonSyntaxMessage(error)
        let location =
            "[Source: (String)\"\(source)\"; line: \(error.line), column: \(error.column + text.columnsRead)]"
        var diagnostic = Diagnostic(.invalidJSONDescription, "\(text.message)\n at \(location)", at: location)
        diagnostic.place = TextPlace(line: error.line, column: error.column)
        if error.reason == .unexpectedCharacter(UInt8(ascii: "/")) {
            diagnostic.hint = "JSON has no comments: write a field \"Comment\" instead."
        }
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

/// A syntax error in the words of Jackson, which AWS shows to callers.
public struct JacksonSyntaxMessage: Sendable {
    public let message: String
    /// How far Jackson has read past the place that our reader names.
    let columnsRead: Int

    public init(_ error: JSONSyntaxError) {
        switch error.reason {
        case .unrecognizedToken(let token):
            message =
                "Unrecognized token '\(token)': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')"
            columnsRead = token.utf16.count
        case .unexpectedEnd:
            message = "Unexpected end-of-input: expected close marker or value"
            columnsRead = 0
        case .unexpectedCharacter(UInt8(ascii: "/")):
            message =
                "Unexpected character ('/' (code 47)): maybe a (non-standard) comment? (not recognized as one since Feature 'ALLOW_COMMENTS' not enabled for parser)"
            columnsRead = 1
        case .unexpectedCharacter(let byte):
            message =
                "Unexpected character ('\(Character(Unicode.Scalar(byte)))' (code \(byte))): expected a valid value (JSON String, Number, Array, Object or token 'null', 'true' or 'false')"
            columnsRead = 1
        case .trailingCharacters:
            message = "Trailing token found after value"
            columnsRead = 1
        case .invalidNumber:
            message = "Invalid numeric value"
            columnsRead = 1
        case .invalidEscape:
            message = "Unrecognized character escape"
            columnsRead = 1
        case .invalidUTF8:
            message = "Invalid UTF-8"
            columnsRead = 1
        case .controlCharacterInString(let byte):
            message =
                "Illegal unquoted character ((CTRL-CHAR, code \(byte))): has to be escaped using backslash to be included in string value"
            columnsRead = 1
        case .nestedTooDeeply:
            message = "Document nesting depth exceeds the maximum allowed"
            columnsRead = 0
        }
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
