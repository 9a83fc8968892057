import AWSModel

/// One finding of the validator, as ValidateStateMachineDefinition lists it.
public struct Diagnostic: Sendable, Hashable {
    public enum Code: String, Sendable, Hashable {
        case schemaValidationFailed = "SCHEMA_VALIDATION_FAILED"
        case invalidJSONDescription = "INVALID_JSON_DESCRIPTION"
        case missingTransitionTarget = "MISSING_TRANSITION_TARGET"
        case missingEndState = "MISSING_END_STATE"
        case duplicateStateName = "DUPLICATE_STATE_NAME"
        /// Skua's own: the definition is valid, but uses something that Skua cannot run yet.
        case notImplemented = "NOT_IMPLEMENTED"
    }

    public var code: Code
    public var message: String
    /// `/States/X/Next`; nil where AWS gives none.
    public var location: String?

    public init(_ code: Code, _ message: String, at location: String?) {
        self.code = code
        self.message = message
        self.location = location
    }

    /// AWS: as CreateStateMachine puts it into its message.
    public var sentence: String { "\(code.rawValue): \(message) at \(location ?? "null")" }

    /// The findings for a text that is no JSON. AWS: Jackson's words.
    static func syntax(_ error: JSONSyntaxError, in source: String) -> Diagnostic {
        let text = JacksonSyntaxMessage(error)
        let location =
            "[Source: (String)\"\(source)\"; line: \(error.line), column: \(error.column + text.columnsRead)]"
        return Diagnostic(.invalidJSONDescription, "\(text.message)\n at \(location)", at: location)
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
    /// Nil where there is any diagnostic.
    public let definition: StateMachineDefinition?
    public let diagnostics: [Diagnostic]

    /// The same with further findings, such as of an engine that cannot run everything that is valid.
    public func adding(_ findings: [Diagnostic]) -> ParsedDefinition {
        findings.isEmpty ? self : ParsedDefinition(definition: nil, diagnostics: diagnostics + findings)
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
