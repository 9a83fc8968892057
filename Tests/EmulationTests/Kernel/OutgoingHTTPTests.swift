import AWSModel
import Testing

@testable import Emulation

struct OutgoingHTTPTests {
    @Test func answersComeBackAndTimeWaitsForThem() throws {
        let engine = try TestEngine(services: [])
        var results: [OutgoingResult] = []
        engine.core.start(.http(OutgoingRequest(url: "http://127.0.0.1:1/"))) { event in
            if case .http(let result) = event { results.append(result) }
        }
        engine.commit()
        #expect(engine.effects.count == 1 && engine.core.effectsOut == 1)
        #expect(engine.answerRequest(.success(OutgoingResponse(status: 503, body: [1]))))
        #expect(engine.core.effectsOut == 0)
        #expect(try results.map { try $0.get().status } == [503])
        #expect(!engine.answerRequest(.failure(OutgoingFailure(.timedOut, ""))))
    }

    @Test func aPausedClockOwesTheTimeOfARequest() throws {
        let engine = try TestEngine(services: [])
        engine.core.setClockMode(.paused)
        engine.respond = { _ in .failure(OutgoingFailure(.timedOut, "late", durationMicroseconds: 15_000_000)) }
        engine.core.start(.http(OutgoingRequest(url: "http://127.0.0.1:1/")))
        engine.commit()
        #expect(engine.core.now == TestEngine.start + .seconds(15))
    }
}
