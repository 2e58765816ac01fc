#include "textflag.h"

// func projectAVX2(n int, dots *float32, inverse, out *float64) float64
TEXT ·projectAVX2(SB), NOSPLIT, $0-40
	MOVQ   n+0(FP), CX
	MOVQ   dots+8(FP), SI
	MOVQ   inverse+16(FP), DI
	MOVQ   out+24(FP), DX
	VXORPD Y0, Y0, Y0

product:
	VCVTPS2PD (SI), Y1
	VMULPD    (DI), Y1, Y1
	VMOVUPD   Y1, (DX)
	VMAXPD    Y0, Y1, Y0 // Y0 if Y1 is not a number
	ADDQ      $16, SI
	ADDQ      $32, DI
	ADDQ      $32, DX
	SUBQ      $4, CX
	JNZ       product

	VEXTRACTF128 $1, Y0, X1
	VMAXPD       X1, X0, X0
	VPERMILPD    $1, X0, X1
	VMAXSD       X1, X0, X0
	VZEROUPPER
	MOVSD        X0, ret+32(FP)
	RET

DATA least<>+0(SB)/8, $-1000.0
GLOBL least<>(SB), RODATA, $8

// 1.5 * 2^52: what is added to it ends up in the lowest bits, rounded to a whole number.
DATA shift<>+0(SB)/8, $6755399441055744.0
GLOBL shift<>(SB), RODATA, $8

// func powersAVX2(n int, x, coefficients *float64, scale, factor float64)
//
// Y4 to Y7 hold constants, the highest coefficients are in Y8 to Y15, and the last five come from
// memory.
TEXT ·powersAVX2(SB), NOSPLIT, $0-40
	MOVQ         n+0(FP), CX
	MOVQ         x+8(FP), SI
	MOVQ         coefficients+16(FP), DI
	VBROADCASTSD scale+24(FP), Y4
	VBROADCASTSD factor+32(FP), Y5
	VBROADCASTSD least<>(SB), Y6
	VBROADCASTSD shift<>(SB), Y7
	VBROADCASTSD 0(DI), Y8
	VBROADCASTSD 8(DI), Y9
	VBROADCASTSD 16(DI), Y10
	VBROADCASTSD 24(DI), Y11
	VBROADCASTSD 32(DI), Y12
	VBROADCASTSD 40(DI), Y13
	VBROADCASTSD 48(DI), Y14
	VBROADCASTSD 56(DI), Y15

power:
	VMULPD       (SI), Y4, Y0
	VMAXPD       Y6, Y0, Y0       // the least if Y0 is not a number
	VROUNDPD     $0, Y0, Y1
	VSUBPD       Y1, Y0, Y0       // the rest, from -1/2 to 1/2
	VADDPD       Y7, Y1, Y1
	VPSLLQ       $52, Y1, Y1      // the whole number, as an exponent
	VMOVAPD      Y8, Y2
	VFMADD213PD  Y9, Y0, Y2
	VFMADD213PD  Y10, Y0, Y2
	VFMADD213PD  Y11, Y0, Y2
	VFMADD213PD  Y12, Y0, Y2
	VFMADD213PD  Y13, Y0, Y2
	VFMADD213PD  Y14, Y0, Y2
	VFMADD213PD  Y15, Y0, Y2
	VBROADCASTSD 64(DI), Y3
	VFMADD213PD  Y3, Y0, Y2
	VBROADCASTSD 72(DI), Y3
	VFMADD213PD  Y3, Y0, Y2
	VBROADCASTSD 80(DI), Y3
	VFMADD213PD  Y3, Y0, Y2
	VBROADCASTSD 88(DI), Y3
	VFMADD213PD  Y3, Y0, Y2
	VBROADCASTSD 96(DI), Y3
	VFMADD213PD  Y3, Y0, Y2
	VPADDQ       Y1, Y2, Y2
	VMULPD       Y5, Y2, Y2
	VMOVUPD      Y2, (SI)
	ADDQ         $32, SI
	SUBQ         $4, CX
	JNZ          power

	VZEROUPPER
	RET
