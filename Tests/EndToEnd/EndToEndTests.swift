import Foundation
import Testing

/// The whole program with real clients in a real terminal: one test for each scenario in `scenarios`.
@Suite(.serialized)
struct EndToEndTests {
    @Test(arguments: Scenario.all)
    func scenario(_ scenario: Scenario) throws {
        let program = try #require(Scenario.program, "no skua beside the tests: run 'swift build --product skua'")
        let ending = try scenario.run(program: program)
        // Shown on success too: what was skipped must be seen.
        print("\(scenario):\n\(ending.output)", terminator: "")
        guard ending.status != Scenario.skipped else { return }
        #expect(ending.status == 0, "\(scenario) \(ending.isLate ? "took too long" : "failed"):\n\(ending.output)")
    }

    @Test func thereAreScenarios() { #expect(Scenario.all.count >= 5) }
}
