import Foundation
import Testing

@testable import Emulation

/// Workflows of every kind, killed again and again. `SKUA_KILLS` runs more seeds.
@Suite struct KillTests {
    private static let count = ProcessInfo.processInfo.environment["SKUA_KILLS"].flatMap(UInt64.init) ?? 24

    @Test func aKilledWorkflowComesToTheSameEnd() throws {
        var kills = 0
        var ends: [String: Int] = [:]
        for seed in 0..<Self.count {
            var workflow = RandomWorkflow(seed: seed)
            let definition = workflow.definition()
            let undisturbed = try KilledWorld(seed: seed, killRate: 0, path: nil)
            let wanted = try undisturbed.run(definition)
            #expect(undisturbed.complaints == [], "seed \(seed), not killed: \(definition)")
            // Every fourth world is a file, as outside tests.
            let path =
                seed % 4 == 0 ? NSTemporaryDirectory() + "skua-kills-\(UInt64.random(in: 0 ... .max)).sqlite" : nil
            defer {
                if let path {
                    for end in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + end) }
                }
            }
            let world = try KilledWorld(seed: seed, killRate: seed % 2 == 0 ? 30 : 60, path: path)
            let found = try world.run(definition)
            #expect(found == wanted, "seed \(seed) after \(world.kills) kills: \(definition)")
            #expect(world.complaints == [], "seed \(seed) after \(world.kills) kills: \(definition)")
            kills += world.kills
            ends[wanted.hasPrefix("{") ? "SUCCEEDED" : "else", default: 0] += 1
        }
        print("killed workflows: \(Self.count) machines, \(kills) kills, \(ends.sorted { $0.key < $1.key })")
        #expect(kills > Int(Self.count) && ends["SUCCEEDED", default: 0] > 0)
    }
}
