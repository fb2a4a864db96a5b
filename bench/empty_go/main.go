// An empty unary service on grpc-go, as its code generator writes it: what a call costs when nobody does anything for it.
// Prints its port. The package empty is made from bench/empty/empty.proto when bench/run builds this.
package main

import (
	"context"
	"fmt"
	"log"
	"net"
	"os"
	"os/signal"
	"syscall"

	"duikou_bench/empty"
	"google.golang.org/grpc"
)

type server struct{}

func (server) Call(_ context.Context, request *empty.CallRequest) (*empty.CallResponse, error) {
	return &empty.CallResponse{Name: request.Name}, nil
}

func main() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	service := grpc.NewServer()
	empty.RegisterEmptyServer(service, server{})
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM, syscall.SIGINT)
	go func() {
		<-stop
		service.Stop()
	}()
	fmt.Println(listener.Addr().(*net.TCPAddr).Port)
	if err := service.Serve(listener); err != nil {
		log.Fatal(err)
	}
}
