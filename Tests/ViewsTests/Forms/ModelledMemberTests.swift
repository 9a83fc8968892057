import AWSTypes
import TerminalUI
import Testing

@testable import Views

/// What forms say of input comes from AWS's own model.
@Suite struct ModelledMemberTests {
    @Test func rangesOfNumbersAreToldAndChecked() throws {
        let timeout = try #require(ModelledMember(Lambda.createEventSourceMapping, "MaximumBatchingWindowInSeconds"))
        #expect(timeout.range == 0...300)
        #expect(timeout.limits == "0–300")
        #expect(timeout.problem("300") == nil)
        #expect(timeout.problem("301") == "Must be 0–300")
        #expect(timeout.problem("soon") == "A whole number is needed")
    }

    @Test func lengthsOfTextsAreToldAndChecked() throws {
        let description = try #require(ModelledMember(Lambda.createFunction, "Description"))
        #expect(description.limits == "Up to 256 characters")
        #expect(description.problem(String(repeating: "a", count: 256)) == nil)
        #expect(description.problem(String(repeating: "a", count: 257)) == "At most 256 characters, this has 257")
        // Two UTF-16 units each.
        #expect(description.problem(String(repeating: "🦆", count: 129)) == "At most 256 characters, this has 258")
    }

    @Test func theCharacterThatBreaksAPatternIsNamed() throws {
        let sid = try #require(ModelledMember(Lambda.addPermission, "StatementId"))
        #expect(sid.isRequired)
        #expect(sid.problem("allow-topic_1") == nil)
        #expect(sid.problem("allow topic") == "“ ” is not allowed here")
    }

    @Test func valuesBecomeChoices() throws {
        let member = try #require(ModelledMember(SFN.createStateMachine, "type"))
        #expect(member.limits == "STANDARD or EXPRESS")
        #expect(member.problem("FAST") == "Must be STANDARD or EXPRESS")
        let field = FormField("type", "Type", of: member)
        #expect(field.kind == .choice(["STANDARD", "EXPRESS"]))
        #expect(field.value == "STANDARD")
    }

    @Test func aPathWalksIntoStructures() throws {
        let size = try #require(ModelledMember(Lambda.createFunction, "EphemeralStorage", "Size"))
        #expect(size.range == 512...10_240)
        #expect(size.isRequired)
        #expect(ModelledMember(Lambda.createFunction, "NoSuchMember") == nil)
    }

    @Test func aFormRefusesWhatTheModelRefuses() {
        var form = Form(
            "Alias",
            [
                FormField("name", "Name", of: ModelledMember(Lambda.createAlias, "Name"), note: "not only digits"),
                FormField("description", "Description", of: ModelledMember(Lambda.createAlias, "Description")),
            ])
        #expect(!form.isValid)
        form.set("name", to: "live")
        #expect(form.isValid)
        form.set("name", to: "li ve")
        #expect(!form.isValid)
    }
}
