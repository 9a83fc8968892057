import Testing

@testable import TerminalUI

@Suite struct JSONTests {
    @Test(arguments: [
        ("", 1, 1, "a value is missing"), ("{\"a\": 1,}", 1, 9, "no comma before '}'"),
        ("{\n  \"a\": 1\n  \"b\": 2\n}", 3, 3, "',' or '}' expected"), ("[1, 2", 1, 6, "']' is missing"),
        ("{'a': 1}", 1, 2, "a name in double quotes expected"), ("[01]", 1, 2, "a number cannot start with 0"),
        ("\"a\nb\"", 1, 3, "the string is not closed on its line"), ("{} x", 1, 4, "unexpected text after the value"),
        ("[tru]", 1, 2, "a value expected"), ("\"\\x\"", 1, 3, "no such escape"),
        ("[1,]", 1, 4, "a value expected; is there a comma too many?"),
    ])
    func errorsNameLineAndColumn(_ text: String, _ line: Int, _ column: Int, _ message: String) {
        let error = JSONSyntax.firstError(in: text)
        #expect(error?.line == line)
        #expect(error?.column == column)
        #expect(error?.message == message)
    }

    @Test(arguments: ["null", "-0.5e+10", "[]", "{}", "{\"a\":[{\"b\":\"\\u00e9\\n\"}]}", " [ 1 , true ] "])
    func acceptsJSON(_ text: String) {
        #expect(JSONSyntax.firstError(in: text) == nil)
    }

    @Test func depthDoesNotMatter() {
        let deep = String(repeating: "[", count: 200_000) + String(repeating: "]", count: 200_000)
        #expect(JSONSyntax.firstError(in: deep) == nil)
    }

    private let order =
        #"{"orderId":12345,"detail":{"items":[{"sku":"A-1","n":2},{"sku":"B-2","n":1}],"empty":{}},"paid":true,"note":null}"#

    @Test func viewerDrawsFoldsAndSearches() {
        var viewer = JSONViewer(order)
        #expect(
            Snapshot.difference(Snapshot.text { viewer.render(on: $0.panel("Body", focused: true)) }, "json-open")
                == nil)
        _ = viewer.handle(.key("-"))
        let folded = Snapshot.text { viewer.render(on: $0) }
        #expect(folded.contains("{…}  2 fields"))
        #expect(!folded.contains("B-2"))
        for key: Key in ["/", "b", "-", "2", .enter] { #expect(viewer.handle(.key(key)) == true) }
        #expect(viewer.selectedPath == "$.detail.items[1].sku")
        #expect(viewer.selectedValue == "\"B-2\"")
        #expect(Snapshot.text { viewer.render(on: $0) }.contains("B-2"))
        _ = viewer.handle(.key(.escape))
        #expect(!viewer.handlesEscape)
    }

    @Test func foldingGoesUp() {
        var viewer = JSONViewer(order)
        _ = viewer.handle(.key("G"))
        for _ in 0..<5 { _ = viewer.handle(.key("k")) }
        _ = viewer.handle(.key("h"))
        #expect(viewer.selectedPath?.hasPrefix("$.detail") ?? false)
    }

    @Test func longStringsWrapAndAreWhole() {
        let long = String((0..<400).map { Character(Unicode.Scalar(UInt8(97 + $0 % 26))) })
        let viewer = JSONViewer("{\"k\":\"\(long)\"}")
        let text = Snapshot.text { viewer.render(on: $0) }
        #expect(text.filter { $0 != " " && $0 != "\n" }.contains(long))
    }

    @Test func whatIsNotJSONIsShownAsItIs() {
        let text = Snapshot.text { JSONViewer("{oops").render(on: $0) }
        #expect(text.contains("{oops"))
        #expect(text.contains("Not JSON: line 1, column 2"))
    }
}
