import time
def test_night(house):
    t=time.monotonic()
    done = house.jejak("capture")
    print(done.code, done.text, time.monotonic()-t)
    t=time.monotonic()
    done = house.jejak("capture")
    print(done.code, done.text, time.monotonic()-t)
    for d in house.documents("capture/1"): print(d)
    print([p.stat().st_size for p in house.segments()])
    t=time.monotonic()
    print(house.jejak("verify", "--full").text, time.monotonic()-t)
    for n,a in sorted(house.town.world.assets.items()): print(n, a.path.stat().st_size)
    assert 0
