package dev.auspex.executor.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CudaFaultTest {

    @ParameterizedTest
    @ValueSource(ints = {700, 702, 710, 714, 715, 716, 717, 718, 719, 720, 721, 810, 999, 214, 220})
    void shouldEndTheProcessWhenTheContextIsLost(int code) {
        assertThat(CudaFault.of(code)).isEqualTo(CudaFault.STICKY);
    }

    @ParameterizedTest
    @CsvSource({"2,OUT_OF_MEMORY", "222,BAD_MODULE", "218,BAD_MODULE", "209,BAD_MODULE", "200,BAD_MODULE", "100,NO_DEVICE", "1,OTHER", "500,OTHER"})
    void shouldGoOnWhenTheContextIsAlive(int code, CudaFault fault) {
        assertThat(CudaFault.of(code)).isEqualTo(fault);
    }

    @Test
    void shouldPrintNumberAndNameWhenACallFails() {
        assertThatThrownBy(() -> CudaException.check(700, "copying"))
                .isInstanceOf(CudaException.class)
                .hasMessage("copying failed with CUDA error 700 (CUDA_ERROR_ILLEGAL_ADDRESS)");
        assertThatThrownBy(() -> CudaException.check(31337, "copying")).hasMessage("copying failed with CUDA error 31337");
    }
}
