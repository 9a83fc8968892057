import AWSModel
import DefinitionText
import Testing

/// YAML becomes the JSON it stands for, and parts are found again in the text.
@Suite struct DefinitionTextTests {
    private let machine = """
        # A comment
        StartAt: Check
        States:
          Check:
            Type: Choice
            Choices:
              - Variable: $.n
                NumericEquals: 1.5
                Next: "Go/on [1]"
            Default: "Go/on [1]"
          "Go/on [1]":
            Type: Wait
            Seconds: 10
            End: true
        """

    @Test func yamlBecomesJSON() throws {
        let text = try DefinitionText(machine, format: .yaml)
        #expect(
            text.json
                == #"{"StartAt":"Check","States":{"Check":{"Type":"Choice","Choices":[{"Variable":"$.n","NumericEquals":1.5,"Next":"Go/on [1]"}],"Default":"Go/on [1]"},"Go/on [1]":{"Type":"Wait","Seconds":10,"End":true}}}"#
        )
    }

    @Test(arguments: [
        ("/States/Check/Choices[0]/Next", 9, 9), ("/States/Go/on [1]/Seconds", 13, 5),
        ("/States/Check/Choices[0]", 7, 9),
        ("/States/Check/Nothing", 4, 3), ("/", 2, 1), ("", 2, 1), ("/States/Check/Choices[7]", 6, 5),
    ]) func partsHaveAPlace(location: String, line: Int, column: Int) throws {
        let place = try #require(try DefinitionText(machine, format: .yaml).place(of: location))
        #expect(place.line == line && place.column == column, "\(place)")
    }

    @Test func jsonKeepsItsTextAndHasPlaces() throws {
        let source = "{\n\t\"StartAt\": \"A\",\n\t\"States\": {\n\t\t\"A\": {\"Type\": \"Pass\", \"End\": true}\n\t}\n}"
        let text = try DefinitionText(source, format: .json)
        #expect(text.json == source)
        let place = try #require(text.place(of: "/States/A/End"))
        #expect(place.line == 4)
        // What is no JSON is the validator's to tell.
        #expect(try DefinitionText("{ // no", format: .json).json == "{ // no")
    }

    @Test(arguments: [
        ("a: 'x'", #"{"a":"x"}"#), ("a: yes", #"{"a":"yes"}"#), ("a: ~", #"{"a":null}"#), ("a: '1'", #"{"a":"1"}"#),
        ("a: -1e3", #"{"a":-1000.0}"#), ("a: 2016-03-14T01:59:00Z", #"{"a":"2016-03-14T01:59:00Z"}"#),
        ("a: 0x10", #"{"a":"0x10"}"#), ("a: [1, two, \"{% 3 %}\"]", #"{"a":[1,"two","{% 3 %}"]}"#),
        ("a: |\n  one\n  two\n", #"{"a":"one\ntwo\n"}"#), ("a: &x {b: 1}\nc: *x", #"{"a":{"b":1},"c":{"b":1}}"#),
        ("1: a", #"{"1":"a"}"#), ("a: !Sub '${X}'", #"{"a":"${X}"}"#),
    ]) func scalars(yaml: String, json: String) throws {
        #expect(try DefinitionText(yaml, format: .yaml).json == json)
    }

    @Test(arguments: [
        ("a: [1", 1...2), ("a: 1\na: 2", 1...2), ("a: b: c", 1...1), ("", 1...1), ("? [a]\n: b", 1...1),
        ("a: *none", 1...1),
    ]) func errorsHaveAPlace(yaml: String, lines: ClosedRange<Int>) {
        do throws(DefinitionTextError) {
            _ = try DefinitionText(yaml, format: .yaml)
            Issue.record("read: \(yaml)")
        } catch {
            #expect(error.line.map(lines.contains) ?? false, "\(error)")
        }
    }

    /// What is written as YAML reads as the same JSON.
    @Test(arguments: [
        #"{"a":"x","b":[1,-2.5,true,null],"c":{},"d":[]}"#, #"{"t":["true","no","1","","null","~","0x10","1e3"]}"#,
        #"{"s":["{% $a %}","$.x","- a","a: b","a #b"," a","two\nlines","two\nlines\n","\"q\"","'","\t","über"]}"#,
        #"{"Go/on [1]":{"States.Format('{}', $.a)":"arn:aws:states:::sqs:sendMessage"}}"#, "[]", "\"x\"", "3",
    ]) func yamlIsWritten(json: String) throws {
        let value = try JSONReader.parse(json)
        #expect(try JSONReader.parse(DefinitionText(DefinitionText.yaml(of: value), format: .yaml).json) == value)
    }

    @Test func formatsAreToldByHowATextBegins() {
        #expect(DefinitionText.format(of: " {\n") == .json)
        #expect(DefinitionText.format(of: "") == .json)
        #expect(DefinitionText.format(of: "\n# note\nStartAt: A") == .yaml)
    }

    /// Each alias is ten times the one before.
    @Test func aliasesDoNotMultiplyForEver() {
        var yaml = "a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n"
        for level in 1...9 {
            let aliases = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
            yaml += "a\(level): &a\(level) [\(aliases)]\n"
        }
        #expect(throws: DefinitionTextError.self) { try DefinitionText(yaml, format: .yaml) }
    }

    @Test func theFormatIsTold() {
        #expect(DefinitionText.format(ofFile: "x.asl.yaml", text: "{}") == .yaml)
        #expect(DefinitionText.format(ofFile: "x.asl.json", text: "a: 1") == .json)
        #expect(DefinitionText.format(ofFile: "-", text: " {\n") == .json)
        #expect(DefinitionText.format(ofFile: "x.asl", text: "StartAt: A") == .yaml)
    }

    @Test func placeholdersAreSeen() throws {
        let text = try DefinitionText(#"{"States":{"A":{"Resource":"${Arn}","Next":"B"}}}"#, format: .json)
        #expect(text.isPlaceholder(at: "/States/A/Resource"))
        #expect(!text.isPlaceholder(at: "/States/A/Next"))
        #expect(!text.isPlaceholder(at: "/States/A"))
    }
}
