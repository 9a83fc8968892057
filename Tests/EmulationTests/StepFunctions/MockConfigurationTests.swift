import AWSModel
import AWSTypes
import Testing

@testable import Emulation

@Suite struct MockConfigurationTests {
    private static let text =
        #"{"StateMachines":{"m":{"TestCases":{"Happy":{"T":"R"}}}},"MockedResponses":{"R":{"0":{"Throw":{"Error":"Oops","Cause":"c"}},"1-2":{"Return":{"a":1}}}}}"#

    @Test func answersGoByCall() throws {
        let mocks = try MockConfiguration(parsing: Self.text)
        func answer(_ call: Int) -> MockConfiguration.Answer? {
            mocks.responses(of: "T", testCase: "Happy", machine: "m")?.answer(call: call)
        }
        #expect(answer(0) == .thrown(error: "Oops", cause: "c"))
        #expect(answer(1) == .returned(["a": 1]) && answer(2) == .returned(["a": 1]) && answer(3) == nil)
        #expect(mocks.has(testCase: "Happy", of: "m") && !mocks.has(testCase: "Sad", of: "m"))
    }

    @Test func whatIsWrongIsNamed() {
        for text in [
            "[]", #"{"StateMachines":{"m":{"TestCases":{"A":{"T":"none"}}}}}"#, #"{"MockedResponses":{"R":{"x":{}}}}"#,
        ] {
            #expect(throws: MockConfiguration.Fault.self) { _ = try MockConfiguration(parsing: text) }
        }
    }
}
