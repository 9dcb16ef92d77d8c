package main

// quote finds the quote of a number.
func quote(of uint32) (uint32, error) {
	sum := uint32(2166136261)
	for shift := 0; shift < 32; shift += 8 {
		sum ^= of >> shift & 0xff
		sum *= 16777619
	}
	return sum, nil
}
