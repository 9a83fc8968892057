import AWSModel
import Foundation
import Testing

@testable import Emulation

/// Random topologies, traffic, failures and kills, from seeds: nothing acknowledged is lost, order holds, nothing comes to
/// where it was not sent, and archives, schedules and alarms keep what they promise. `SKUA_SEEDS=20000` runs more, `SKUA_SEED=17` one again.
@Suite struct SimulationTests {
    static let environment = ProcessInfo.processInfo.environment
    static let seeds = environment["SKUA_SEEDS"].flatMap(Int.init) ?? 1000

    @Test func everyPromiseIsKept() async throws {
        let signing = try SigningIdentity(at: TestEngine.start)
        if let one = Self.environment["SKUA_SEED"].flatMap(UInt64.init) { return try Self.check(one, signing) }
        for seed in 0..<Self.seeds {
            try Self.check(UInt64(seed), signing)
            // Tests that wait for real processes share this thread.
            await Task.yield()
        }
    }

    private static func check(_ seed: UInt64, _ signing: SigningIdentity) throws {
        let simulation = try Simulation(seed: seed, signing: signing)
        try simulation.run(steps: 45)
        let faults = try simulation.faults()
        #expect(faults.isEmpty, "Run again with SKUA_SEED=\(seed): \(faults.joined(separator: "; "))")
    }

    /// The accounting is no formality: what is taken away behind its back, it misses.
    @Test func aLossIsNoticed() throws {
        let signing = try SigningIdentity(at: TestEngine.start)
        var noticed = 0
        for seed in 0..<5 {
            let simulation = try Simulation(seed: UInt64(seed), signing: signing)
            try simulation.run(steps: 60)
            guard simulation.owed[.queue("inbox0")]?.isEmpty == false else { continue }
            try simulation.purge("inbox0")
            #expect(try simulation.faults().contains { $0.contains("never got") })
            noticed += 1
        }
        #expect(noticed > 0)
    }

    /// The same seed is the same world, to the last handled message.
    @Test func aSeedRepeatsItself() throws {
        let signing = try SigningIdentity(at: TestEngine.start)
        let runs = try (0..<2).map { _ in
            let simulation = try Simulation(seed: 42, signing: signing)
            try simulation.run(steps: 80)
            return simulation.handled
        }
        #expect(runs[0] == runs[1])
        #expect(!runs[0].isEmpty)
    }
}
