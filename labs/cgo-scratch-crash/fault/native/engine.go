//go:build cgo

package main

/*
#include <stdint.h>

// As the vendor delivers it.
static uint32_t quote(uint32_t of) {
	uint32_t sum = 2166136261u;
	for (int shift = 0; shift < 32; shift += 8) {
		sum ^= of >> shift & 0xff;
		sum *= 16777619u;
	}
	return sum;
}
*/
import "C"

// quote asks the vendor's engine for the quote of a number.
func quote(of uint32) (uint32, error) {
	return uint32(C.quote(C.uint32_t(of))), nil
}
