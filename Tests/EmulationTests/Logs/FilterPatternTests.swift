import Testing

@testable import Emulation

@Suite struct FilterPatternTests {
    @Test(arguments: [
        ("", "anything", true),
        ("ERROR", "[ERROR] 401", true),
        ("ERROR", "error", false),
        ("ERROR timeout", "timeout then ERROR", true),
        ("ERROR timeout", "ERROR only", false),
        ("?ERROR ?WARN", "WARN: low", true),
        ("?ERROR ?WARN", "INFO", false),
        ("ERROR -timeout", "ERROR timeout", false),
        ("ERROR -timeout", "ERROR disk", true),
        ("-\"not this\"", "but this", true),
        ("\"INTERNAL SERVER ERROR\"", "x INTERNAL SERVER ERROR y", true),
        ("\"a \\\"b\\\"\"", "say a \"b\"", true),
        ("%ERR[0-9]+%", "code ERR42", true),
        ("%^ERR%", "an ERR", false),
        ("{ $.level = \"error\" }", "{\"level\":\"error\"}", true),
        ("{ $.level = \"error\" }", "level error", false),
        ("{ $.level = err* }", "{\"level\":\"error\"}", true),
        ("{ $.n > 1.5 && $.n <= 10 }", "{\"n\":10}", true),
        ("{ $.n > 1.5 && $.n <= 10 }", "{\"n\":11}", false),
        ("{ $.n = 1 || ($.m = 2 && $.k = 3) }", "{\"n\":0,\"m\":2,\"k\":3}", true),
        ("{ $.a.b[1].c != \"x\" }", "{\"a\":{\"b\":[{},{\"c\":\"y\"}]}}", true),
        ("{ $.missing != \"x\" }", "{}", false),
        ("{ $.items[*].id = 7 }", "{\"items\":[{\"id\":1},{\"id\":7}]}", true),
        ("{ $.tags = \"b\" }", "{\"tags\":[\"a\",\"b\"]}", true),
        ("{ $.x IS NULL }", "{\"x\":null}", true),
        ("{ $.x NOT EXISTS }", "{\"y\":1}", true),
        ("{ $.x NOT EXISTS }", "{\"x\":null}", false),
        ("{ $.ok IS TRUE }", "{\"ok\":true}", true),
        ("{ $.ok IS FALSE }", "{\"ok\":true}", false),
        ("{ $.detail-type = \"x\" }", "{\"detail-type\":\"x\"}", true),
        ("{ $['odd name'] = 1e3 }", "{\"odd name\":1000}", true),
        ("{ $.ip = %10\\.0\\..*% }", "{\"ip\":\"10.0.1.2\"}", true),
        ("[ip, user, code]", "1.2.3.4 frank 404", true),
        ("[ip, user, code]", "1.2.3.4 frank", false),
        ("[ip, user, code = 4*]", "1.2.3.4 frank 404", true),
        ("[ip, user, code = 4* && code != 404]", "1.2.3.4 frank 404", false),
        ("[..., code >= 500, bytes]", "a b c d 503 12", true),
        ("[ip, ..., bytes > 1000]", "1.2.3.4 x y 2000", true),
        ("[ip, time, request = \"GET *\", code]", "1.2.3.4 [10/Oct/2000 13:55] \"GET /index\" 200", true),
        ("[(w = ERROR || w = WARN), ...]", "WARN something", true),
    ])
    func matches(pattern: String, message: String, expected: Bool) throws {
        #expect(try FilterPattern(pattern).matches(message) == expected, "\(pattern) on \(message)")
    }

    @Test(arguments: [
        ("ERROR:", ":"), ("?Status: x", ":"), ("{ $.\"x\" = 1 }", "\""), ("a(b)", "("), ("{ $.a ~ 1 }", "~"),
        ("[a, b] c", "c"),
    ])
    func namesTheCharacterItStoppedAt(pattern: String, character: String) {
        do throws(ServiceError) {
            _ = try FilterPattern(pattern)
            Issue.record("\(pattern) was taken")
        } catch {
            #expect(error.code == "InvalidParameterException")
            #expect(error.message == "Invalid character(s) in term '\(character)'")
        }
    }

    @Test(arguments: ["{ $.a = }", "\"open", "{ $.a = 1", "[..., a, ...]", "%(a)%", "{ $.a > \"x\" }", "-"])
    func refuses(pattern: String) {
        #expect(throws: ServiceError.self) { try FilterPattern(pattern) }
    }

    @Test func wildcardsBacktrack() {
        #expect("abcabd".matchesWildcards(Array("*ab?".utf8)) == false)
        #expect("abcabd".matchesWildcards(Array("a*abd".utf8)))
        #expect("".matchesWildcards(Array("**".utf8)))
        #expect(!"a".matchesWildcards([]))
    }
}
